"""Index models that ship as data: constructs, our own items, paths and scale, to be edited or used as they are."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.library import ROOT

FOLDER = ROOT / "models"
TEMPLATES = tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@dataclass(frozen=True, slots=True)
class Template:
    """A shipped model: paths, items by construct, the scale of its items, and the construct it explains."""

    title: Text
    paths: tuple[tuple[str, str], ...]
    items: Mapping[str, Mapping[str, Text]]
    titles: Mapping[str, Text]
    scale: tuple[float, float]
    target: str


def read_template(key: str) -> Template:
    """The shipped model ``key``."""
    told = tomllib.loads((FOLDER / f"{key}.toml").read_text(encoding="utf-8"))
    constructs = told["constructs"]
    return Template(
        Text(**told["title"]),
        tuple((source, target) for source, target in told["paths"]),
        {name: {item: Text(**words) for item, words in c["items"].items()} for name, c in constructs.items()},
        {name: Text(**c["title"]) for name, c in constructs.items()},
        (float(told["scale"][0]), float(told["scale"][1])),
        told["target"],
    )


def with_template(spec: Mapping[str, Any]) -> dict[str, Any]:
    """The spec with what it leaves unsaid taken from its template; ``columns`` says in which column an item stands."""
    filled = dict(spec)
    if spec["template"]:
        template = read_template(spec["template"])
        columns = {str(item): str(column) for item, column in spec["columns"].items()}
        known = [item for items in template.items.values() for item in items]
        for item in columns:
            if item not in known:
                raise Refusal("unknown_item", "columns", item, Text(f"模型的题目：{'、'.join(known[:30])}", f"an item of the model: {', '.join(known[:30])}"),
                              Text("检查题目名称", "Check the name of the item"))  # fmt: skip
        filled["paths"] = spec["paths"] or [list(path) for path in template.paths]
        filled["blocks"] = spec["blocks"] or {
            name: [columns.get(item, item) for item in items] for name, items in template.items.items()
        }
        filled["scale"] = spec["scale"] or list(template.scale)
        filled["target"] = spec.get("target") or template.target
    for key in ("paths", "blocks"):
        if filled[key] is None:
            raise Refusal(f"no_{key}", key, None, Text("模型的路径和题目组，或一个模板", "the paths and blocks of the model, or a template"),
                          Text(f"写出 paths 和 [blocks]，或 template = \"{TEMPLATES[0]}\"", f"Write paths and [blocks], or template = \"{TEMPLATES[0]}\""))  # fmt: skip
    return filled
