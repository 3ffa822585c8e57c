"""Chinese is set with Chinese marks, in every text of the program and of the shipped procedures."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "manyi"
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;!?][\u4e00-\u9fff]|^[,;][\u4e00-\u9fff]")


def half_width_marks(root: Path) -> Iterator[str]:
    for path in sorted(root.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and HALF_WIDTH.search(node.value):
                yield f"{path.relative_to(root)}:{node.lineno} {node.value[:40]}"
    for path in sorted(root.rglob("*.yaml")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if HALF_WIDTH.search(line):
                yield f"{path.relative_to(root)}:{number}"


def test_chinese_is_set_with_chinese_marks() -> None:
    assert list(half_width_marks(SOURCE)) == []


def test_a_planted_mark_is_found(tmp_path: Path) -> None:
    (tmp_path / "words.py").write_text('x = f"{n} 份,收回后\u53d1\u9001,再看"\n', encoding="utf-8")
    (tmp_path / "p.yaml").write_text("zh: \u8868,\u518c\n", encoding="utf-8")
    assert len(list(half_width_marks(tmp_path))) == 2
