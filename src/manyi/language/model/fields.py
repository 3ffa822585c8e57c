"""What a form is filled with: the type of every field, as steps, questionnaires and tables write it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator

from manyi.language.model.values import KEY, Key, Model, Words, Wrong, Yes, yes

FIELD_TYPES = (
    "text", "number", "money", "date", "datetime", "yes_no", "file", "photo", "signature", "log", "customer", "contact",
    "product", "project", "unit", "role", "roles", "user", "users", "tasks", "result",
)  # fmt: skip
"""Types by name; a kind of record is one more (the field then links to such a record)."""

TASK_COLUMNS = {"what": "text", "who": "user", "due": "date"}
"""The columns of ``tasks`` where the file names none."""

MANY = frozenset({"roles", "users", "any_of"})
"""Types whose value is several things; a part of ``all`` for such a field is one for each chosen."""

_FORMS = ("type", "any_of", "from", "table", "tasks")
_BESIDE = {"title", "default", "optional"}


class FieldRule(Model):
    """One field. ``type`` is a name of ``FIELD_TYPES``, a kind of record, or one of ``choice any_of from table``.

    ``choices`` belong to *choice* (one of them) and *any_of* (several), ``source`` (a table or a playbook) to *from*,
    ``columns`` to *table* and *tasks*.
    """

    type: str
    title: Words | None = None
    default: str | None = None
    optional: Yes = False
    choices: tuple[str, ...] = ()
    source: str = ""
    columns: dict[Key, Field] = {}

    @property
    def kind(self) -> tuple[Any, ...]:
        """What may not differ where the same field stands twice."""
        return self.type, self.choices, self.source, {key: column.kind for key, column in self.columns.items()}


def _field(value: Any) -> Any:
    """A name of a type, ``optional`` and a name, a list of choices, or one of the long forms."""
    match value:
        case FieldRule():
            return value
        case str():
            name = value.removeprefix("optional ")
            if KEY.fullmatch(name):
                return {"type": name, "optional": name != value} | _tasks(name)
        case list():
            return {"type": "choice", "choices": _choices(value)}
        case dict():
            return _long(value)
    raise Wrong(f"“{value}”不是字段类型，例如 text、optional text、[甲, 乙]、{{any_of: […]}}",
                f"“{value}” is no type of field, such as text, optional text, [a, b], {{any_of: […]}}")  # fmt: skip


def _long(value: dict[str, Any]) -> dict[str, Any]:
    forms = [form for form in _FORMS if form in value]
    if len(forms) != 1 or set(value) - {*forms, *_BESIDE}:
        raise Wrong(f"应恰有 {'、'.join(_FORMS)} 之一，另可有 title、default、optional",
                    f"expected one of {', '.join(_FORMS)}, and title, default, optional beside it")  # fmt: skip
    form = forms[0]
    written = value[form]
    match form:
        case "type":
            found = dict(_field(written))
        case "any_of":
            found = {"type": "any_of", "choices": _choices(written)}
        case "from":
            found = {"type": "from", "source": written}
        case _:
            found = {"type": form, "columns": _columns(written)}
    beside = {key: value[key] for key in ("title", "default") if value.get(key) is not None}
    return found | beside | {"optional": found.get("optional", False) or yes(value.get("optional", False))}


def _tasks(name: str) -> dict[str, Any]:
    return {"columns": TASK_COLUMNS} if name == "tasks" else {}


def _choices(value: Any) -> list[str]:
    if isinstance(value, list) and value and all(isinstance(v, str) for v in value) and len(set(value)) == len(value):
        return value
    raise Wrong("应为不重复的选项列表", "expected a list of choices, each once")


def _columns(value: Any) -> dict[str, Any]:
    if isinstance(value, dict) and value:
        return value
    raise Wrong("应为 {列: 类型}", "expected {column: type}")


Field = Annotated[FieldRule, BeforeValidator(_field)]
FieldRule.model_rebuild()
