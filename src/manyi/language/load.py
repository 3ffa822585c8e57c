"""Reading a procedure file: every scalar as text, every fault with its line, nothing half-taken."""

from __future__ import annotations

import difflib
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, DocumentStartEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from manyi.core.errors import Fault, Faults
from manyi.core.text import Text
from manyi.language.model.procedure import Path, Procedure
from manyi.language.settled import settle
from manyi.language.wording import MESSAGES, path_text

BIGGEST = 1_000_000
DEEPEST = 40
Lines = dict[Path, int]


def read_procedure(text: str | bytes, name: str) -> Procedure:
    """The typed procedure in ``text``; raises ``Faults`` (table ``name``, row = line, column = path) otherwise."""
    tree, lines = read_tree(text, name)
    values, settled = settle(tree, lines, name)
    return build(values, lines, name).remember(lines, settled, values)


def build(values: dict[str, Any], lines: Lines, name: str) -> Procedure:
    """A procedure from plain values, or ``Faults``."""
    head = values.get("procedure")
    language = head.get("language", "zh") if isinstance(head, dict) else "zh"
    try:
        return Procedure.model_validate(values, context={"language": language})
    except ValidationError as error:
        raise Faults(_faults(error, values, lines, name)) from None
    except RecursionError:
        raise Faults([_fault(name, 1, "too_deep", "嵌套过深", "nested too deeply")]) from None


def read_tree(text: str | bytes, name: str) -> tuple[dict[str, Any], Lines]:
    """Plain maps, lists and texts with the line of every path; raises ``Faults``."""
    source = _decode(text, name)
    try:
        _check_events(source, name)
        node = _yaml().compose(source)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise Faults(
            [_fault(name, line, "not_yaml", f"不是有效的 YAML:{error.problem}", f"not valid YAML: {error.problem}")]
        ) from None
    except (YAMLError, ValueError, RecursionError) as error:
        raise Faults([_fault(name, 1, "not_yaml", f"不是有效的 YAML:{error}", f"not valid YAML: {error}")]) from None
    lines: Lines = {}
    faults: list[Fault] = []
    tree = _plain(node, (), lines, faults, name) if node is not None else None
    if not faults and not isinstance(tree, dict):
        faults.append(
            _fault(name, 1, "not_a_map", "文件应为键与值的映射", "the file has to be a map of keys and values")
        )
    if faults:
        raise Faults(faults)
    assert isinstance(tree, dict)  # noqa: S101 — the fault above says so
    return tree, lines


def _decode(text: str | bytes, name: str) -> str:
    if len(text) > BIGGEST:
        raise Faults([_fault(name, 1, "too_big", "文件超过 1 MB", "the file is larger than 1 MB")])
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            raise Faults([_fault(name, line, "not_utf8", "文件不是 UTF-8 编码", "the file is not UTF-8")]) from None
    text = text.removeprefix("\ufeff")
    faults = []
    for number, written in enumerate(text.split("\n"), start=1):
        if "\t" in written[: len(written) - len(written.lstrip())]:
            faults.append(_fault(name, number, "tab", "缩进中有制表符", "a tab in the indentation"))
        if any(ord(c) < 32 and c not in "\t\r" for c in written):
            faults.append(_fault(name, number, "control", "含有控制字符", "a control character"))
    if faults:
        raise Faults(faults[:100])
    return text


def _yaml() -> YAML:
    yaml = YAML(typ="rt", pure=True)
    yaml.allow_duplicate_keys = True  # found below, each with its own line
    return yaml


def _check_events(source: str, name: str) -> None:
    """Refuse aliases before anything is expanded, and more than one document."""
    documents = depth = 0
    for event in _yaml().parse(source):
        line = event.start_mark.line + 1 if event.start_mark else 1
        depth += str(type(event).__name__).endswith(("MappingStartEvent", "SequenceStartEvent"))
        depth -= str(type(event).__name__).endswith(("MappingEndEvent", "SequenceEndEvent"))
        documents += isinstance(event, DocumentStartEvent)
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            raise Faults(
                [
                    _fault(
                        name,
                        line,
                        "alias",
                        "不允许锚点和别名（& 与 *）",
                        "anchors and aliases (& and *) are not allowed",
                    )
                ]
            )
        if documents > 1:
            raise Faults(
                [_fault(name, line, "two_documents", "一个文件只能有一份程序", "one file holds one procedure")]
            )
        if depth > DEEPEST:
            raise Faults([_fault(name, line, "too_deep", "嵌套过深", "nested too deeply")])


def _plain(node: Node, path: Path, lines: Lines, faults: list[Fault], name: str) -> Any:
    lines[path] = node.start_mark.line + 1
    match node:
        case MappingNode():
            return _map(node, path, lines, faults, name)
        case SequenceNode():
            return [_plain(part, (*path, n), lines, faults, name) for n, part in enumerate(node.value)]
        case ScalarNode() if node.value in ("null", "~", "") and node.style is None:
            return None
    return node.value


def _map(node: MappingNode, path: Path, lines: Lines, faults: list[Fault], name: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, ScalarNode):
            faults.append(_fault(name, line, "key", "键应为文字", "a key has to be a text", path))
            continue
        key = str(key_node.value)
        if key in values:
            faults.append(
                _fault(name, line, "duplicate_key", f"键“{key}”重复", f"the key “{key}” stands twice", (*path, key))
            )
            continue
        values[key] = _plain(value_node, (*path, key), lines, faults, name)
        lines[*path, key] = line
    return values


def _faults(error: ValidationError, values: dict[str, Any], lines: Lines, name: str) -> list[Fault]:
    """Pydantic's findings as faults of the file; of the alternatives of one place only the last is told."""
    faults: dict[tuple[Path, str], Fault] = {}
    for detail in error.errors(include_url=False):
        path = _known(detail["loc"], values)
        cause = detail.get("ctx", {}).get("error")
        message = getattr(cause, "text", None) or _message(detail)
        kind = str(detail["type"])
        hint = _near(detail, cause)
        line = lines.get(path) or next((lines[path[:n]] for n in range(len(path), -1, -1) if path[:n] in lines), 1)
        faults[path, "" if kind != "extra_forbidden" else str(detail["loc"][-1])] = Fault(
            kind, message, hint, table=name, row=line, column=path_text(path)
        )
    return list(faults.values())


def _known(loc: tuple[int | str, ...], values: Any) -> Path:
    """The part of a pydantic location that exists in the file (it also names types of unions)."""
    path: list[str | int] = []
    for part in loc:
        if _stands_in(part, values):
            values = values[part]
            path.append(part)
    return tuple(path)


def _stands_in(part: int | str, values: Any) -> bool:
    if isinstance(values, list):
        return isinstance(part, int) and part < len(values)
    return isinstance(values, dict) and part in values


def _message(detail: Any) -> Text:
    known = MESSAGES.get(detail["type"])
    where = str(detail["loc"][-1])
    if known:
        return Text(known.zh.format(where), known.en.format(where))
    return Text(f"值不符合要求：{detail['msg']}", str(detail["msg"]))


def _near(detail: Any, cause: Any) -> Text:
    if detail["type"] == "extra_forbidden":
        close = difflib.get_close_matches(str(detail["loc"][-1]), _keys_of_language(), n=1)
        if close:
            return Text(f"是否应为“{close[0]}”？", f"Did you mean “{close[0]}”?")
    return Text("参见程序语言说明", "See the reference of the procedure language")


def _keys_of_language() -> list[str]:
    names: set[str] = set()
    todo: list[Any] = [Procedure]
    seen: set[Any] = set()
    while todo:
        model = todo.pop()
        if model in seen:
            continue
        seen.add(model)
        for field_name, field in model.model_fields.items():
            names.add(field.alias or field_name)
            todo += [t for t in _types_in(field.annotation) if hasattr(t, "model_fields")]
    return sorted(names)


def _types_in(annotation: Any) -> list[Any]:
    parts = getattr(annotation, "__args__", ())
    return [annotation, *(t for part in parts for t in _types_in(part))]


def _fault(name: str, line: int, code: str, zh: str, en: str, path: Path = ()) -> Fault:
    return Fault(code, Text(zh, en), HINTS.get(code, HINTS[""]), table=name, row=line, column=path_text(path))


HINTS = {
    "": Text("请修改后重新读取", "Correct it and read the file again"),
    "tab": Text("请用空格缩进", "Indent with spaces"),
    "alias": Text("请把内容写全", "Write the content out"),
    "duplicate_key": Text("删去其中一个", "Remove one of them"),
    "not_utf8": Text("请以 UTF-8 另存", "Save it as UTF-8"),
    "two_documents": Text("删去“---”，每个程序一个文件", "Remove the “---”; one file for each procedure"),
}
