"""The JSON Schema of procedure files, made from the model, for editors that check and complete while one types."""

from __future__ import annotations

import typing
from collections.abc import Callable
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BeforeValidator

from manyi.language.model import fields, nouns, questionnaires, values, work
from manyi.language.model.procedure import Procedure
from manyi.language.model.values import CADENCES, MONTHS

Schema = dict[str, Any]
PLAIN: Schema = {"type": ["string", "number", "boolean"]}
"""Any scalar: Manyi reads every one as text, editors see numbers and yes/no."""

KEY: Schema = {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}
DOTTED: Schema = {"type": "string", "pattern": r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$"}
CONDITION: Schema = {"type": ["string", "boolean"], "description": "and or not = <> < <= > >= in between is null"}
TEXT: Schema = {"$ref": "#/$defs/Text"}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _list_or_one(part: Schema) -> Schema:
    return {"anyOf": [part, {"type": "array", "items": part}]}


def json_schema() -> Schema:
    """The whole file; a settled value may stand in the place of every value."""
    definitions: dict[str, Schema] = {
        "Text": {"anyOf": [PLAIN, {
            "type": "object", "properties": {"zh": PLAIN, "en": PLAIN}, "additionalProperties": False,
            "minProperties": 1,
        }]},
        "Settled": {
            "type": "object",
            "properties": {"value": {}, "readings": {"type": ["object", "null"]}, "reason": TEXT},
            "required": ["readings"],
            "additionalProperties": False,
        },
    }  # fmt: skip
    root = _object(Procedure, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Manyi procedure",
        **root,
        "$defs": dict(sorted(definitions.items())),
    }


def _object(model: Any, definitions: dict[str, Schema]) -> Schema:
    hints = get_type_hints(model, include_extras=True)
    properties, required = {}, []
    for name, field in model.model_fields.items():
        key = field.alias or name
        properties[key] = _may_be_settled(_of(hints[name], definitions))
        if field.is_required():
            required.append(key)
    found: Schema = {"type": "object", "description": (model.__doc__ or "").split("\n")[0], "properties": properties}
    return found | ({"required": required} if required else {}) | {"additionalProperties": False}


def _may_be_settled(schema: Schema) -> Schema:
    return {"anyOf": [schema, _ref("Settled")]}


def _of(annotation: Any, definitions: dict[str, Schema]) -> Schema:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is typing.Annotated:
        return _annotated(annotation, definitions)
    if origin in (Union, UnionType):
        parts = [_of(part, definitions) for part in arguments if part is not NoneType]
        nothing = [{"type": "null"}] if NoneType in arguments else []
        return parts[0] if len(parts) == 1 and not nothing else {"anyOf": [*parts, *nothing]}
    if origin is Literal:
        return {"enum": [*arguments, *(int(a) for a in arguments if a.isdigit())]}
    if origin is dict:
        return {"type": "object", "additionalProperties": _may_be_settled(_of(arguments[1], definitions))}
    if origin is tuple:
        return {"type": "array", "items": _may_be_settled(_of(arguments[0], definitions))}
    if hasattr(annotation, "model_fields"):
        if annotation.__name__ not in definitions:
            definitions[annotation.__name__] = {}
            definitions[annotation.__name__] = _object(annotation, definitions)
        return _ref(annotation.__name__)
    return {} if annotation is Any else PLAIN


def _annotated(annotation: Any, definitions: dict[str, Schema]) -> Schema:
    inner, *metadata = get_args(annotation)
    readers = [m.func for m in metadata if isinstance(m, BeforeValidator)]
    reader = readers[-1] if readers else None  # the outermost reads what the file writes
    if reader in _WRITTEN:
        return _WRITTEN[reader]
    if reader in _SHORT_FORMS:
        return _SHORT_FORMS[reader](inner, definitions)
    return _of(inner, definitions)


_FIELD: Schema = {"type": "object", "properties": {"field": KEY}, "required": ["field"], "additionalProperties": False}
_WRITTEN: dict[Any, Schema] = {
    values._text: TEXT,
    values._key: KEY,
    values._dotted: DOTTED,
    values._clauses: _list_or_one(PLAIN),
    values.yes: {"enum": [True, False, "true", "false"]},
    values._number: {"type": ["number", "string"], "pattern": r"^-?[0-9.,]+ ?%?$"},
    values._integer: {"type": ["integer", "string"], "pattern": "^-?[0-9]{1,9}$"},
    values._duration: {"type": "string", "description": "8 hours, 3 days, 10 working days, 1 month, same day"},
    values._when: {"type": "string", "description": "12-05, end of period, 2 days after sent_on"},
    values._month: {"enum": list(MONTHS)},
    values._cadence: {"anyOf": [{"enum": list(CADENCES)}, KEY]},
    values._limit: {"type": ["number", "string", "object"], "description": "80%, 2, target, previous, or a cell"},
    values._reminder: {"type": "string", "description": "2 days before, 10 days"},
    values._predicate: CONDITION,
    work._role: {"anyOf": [DOTTED, _FIELD]},
    work._of: CONDITION,
    nouns._fact_type: {"anyOf": [{"enum": ["yes_no", "number", "text", "date"]}, {"type": "array", "items": PLAIN}]},
}


def _many(inner: Any, definitions: dict[str, Schema]) -> Schema:
    part = _of(get_args(inner)[0], definitions)
    return {"anyOf": [part, {"type": "array", "items": _may_be_settled(part)}]}


def _hearings(inner: Any, definitions: dict[str, Schema]) -> Schema:
    part = {"anyOf": [DOTTED, _FIELD, _of(get_args(inner)[0], definitions)]}
    return _list_or_one(part)


def _outcomes(inner: Any, definitions: dict[str, Schema]) -> Schema:
    part = {"anyOf": [{"type": "string"}, _of(get_args(inner)[1], definitions)]}
    return {"type": "object", "additionalProperties": _may_be_settled(part)}


def _parts(_: Any, __: dict[str, Schema]) -> Schema:
    """Steps side by side, or one for each chosen; a part is a step whose key may be left out."""
    return _list_or_one({"type": "object", "required": ["role"]})


def _fields(_: Any, definitions: dict[str, Schema]) -> Schema:
    """A type by name, a list of choices, or one of the long forms."""
    if "Field" not in definitions:
        field, columns = _ref("Field"), {"type": "object", "additionalProperties": _may_be_settled(_ref("Field"))}
        choices = {"type": "array", "items": PLAIN}
        named = {"type": "string", "pattern": "^(optional )?[a-z][a-z0-9_]*$"}
        long = {"type": field, "any_of": choices, "from": KEY, "table": columns, "tasks": columns}
        beside = {"title": _may_be_settled(TEXT), "default": PLAIN, "optional": _WRITTEN[values.yes]}
        definitions["Field"] = {"anyOf": [named, choices, {
            "type": "object", "additionalProperties": False, "properties": {**long, **beside},
            "oneOf": [{"required": [form]} for form in long],
        }]}  # fmt: skip
    return _ref("Field")


def _scale(_: Any, definitions: dict[str, Schema]) -> Schema:
    whole = _WRITTEN[values._integer]
    numeric = {
        "type": "object", "properties": {"from": whole, "to": whole, "missing": {"type": "array", "items": PLAIN}},
        "required": ["from", "to"], "additionalProperties": False,
    }  # fmt: skip
    return {"anyOf": [numeric, {"type": "object", "additionalProperties": _may_be_settled(_WRITTEN[values._number])}]}


def _items(_: Any, definitions: dict[str, Schema]) -> Schema:
    part = {"anyOf": [_WRITTEN[values._number], {"type": "object", "additionalProperties": PLAIN}]}
    keyed = {"type": "object", "additionalProperties": _may_be_settled(part)}
    return {"anyOf": [keyed, {"type": "array", "items": KEY}]}


_SHORT_FORMS: dict[Any, Callable[[Any, dict[str, Schema]], Schema]] = {
    values._many: _many,
    work._roles: _hearings,
    work._outcomes: _outcomes,
    work._parts: _parts,
    fields._field: _fields,
    questionnaires._scale: _scale,
    questionnaires._items: _items,
}
"""Readers that accept a shorter form than the model holds."""
