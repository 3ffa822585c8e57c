"""Messages and places as people read them."""

from __future__ import annotations

from manyi.core.text import Text
from manyi.language.model.procedure import Path

MESSAGES = {
    "extra_forbidden": Text("不认识的键“{}”", "unknown key “{}”"),
    "missing": Text("缺少“{}”", "“{}” is missing"),
    "dict_type": Text("“{}”应为键与值的映射", "“{}” has to be a map of keys and values"),
    "tuple_type": Text("“{}”应为列表", "“{}” has to be a list"),
    "list_type": Text("“{}”应为列表", "“{}” has to be a list"),
    "string_type": Text("“{}”应为文字", "“{}” has to be a text"),
    "model_type": Text("“{}”应为键与值的映射", "“{}” has to be a map of keys and values"),
    "model_attributes_type": Text("“{}”应为键与值的映射", "“{}” has to be a map of keys and values"),
    "literal_error": Text("“{}”不是允许的值", "“{}” is not one of the values allowed"),
}


def path_text(path: Path) -> str:
    """``programmes.annual.steps[2].within``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text
