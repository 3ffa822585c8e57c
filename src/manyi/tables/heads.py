"""Heads of tables: by key, by Chinese or English title, or as a procedure's ``columns`` name them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from unicodedata import normalize

from manyi.core.errors import Fault
from manyi.core.forms import Questionnaire
from manyi.tables.faults import fault
from manyi.tables.source import Table

HEADS: dict[str, dict[str, tuple[str, ...]]] = {
    "customers": {"customer_id": ("客户编号",), "name": ("名称", "客户名称")},
    "sales": {"customer_id": ("客户编号",), "product": ("产品",), "year": ("年份",), "amount": ("金额",)},
    "dispatch": {"customer_id": ("客户编号",), "product": ("产品",), "channel": ("渠道",), "sent_on": ("发放日期",)},
    "sheets": {
        "sheet_no": ("表号",),
        "customer_id": ("客户编号",),
        "product": ("产品",),
        "returned_on": ("收回日期",),
        "comment": ("意见",),
    },
    "previous": {"of": ("对象",), "key": ("代码",), "product": ("产品",), "score": ("分值",)},
    "targets": {"of": ("对象",), "key": ("代码",), "product": ("产品",), "score": ("分值",)},
}
REQUIRED = {
    "customers": ("customer_id",),
    "sales": ("customer_id", "product", "year", "amount"),
    "dispatch": ("customer_id", "sent_on"),
    "previous": ("of", "score"),
    "targets": ("of", "score"),
}


def read_heads(key: str, table: Table, form: Questionnaire, per_product: bool) -> tuple[dict[str, int], list[Fault]]:
    """Which column holds what, by key, and what is wrong with the heads. Unknown columns are left alone."""
    known = _spellings(key, form)
    found: dict[str, int] = {}
    faults = []
    for index, head in enumerate(table.heads):
        # one column of a foreign file may serve as both number and customer
        for name in known.get(plain(head), ()):
            if name in found:
                faults.append(fault("duplicate_column", table.name, 1, head, head))
            found.setdefault(name, index)
    faults += [
        fault("missing_column", table.name, 1, name, name)
        for name in _required(key, form, per_product)
        if name not in found
    ]
    return found, faults


def plain(head: str) -> str:
    """A head or title as it is compared: full-width letters, case and spaces at its ends do not matter."""
    return normalize("NFKC", head).strip().lower()


def _spellings(key: str, form: Questionnaire) -> Mapping[str, Sequence[str]]:
    known: dict[str, list[str]] = {}
    named = dict(form.columns) if key == "sheets" else {}
    for name, titles in HEADS[key].items():
        _teach(known, name, (name, name.replace("_", " "), *titles) if name not in named else (named[name],))
    if key == "sheets":
        for item in form.items:
            words = (item.key, item.title.zh, item.title.en)
            _teach(known, item.key, words if item.key not in named else (named[item.key],))
    return known


def _teach(known: dict[str, list[str]], name: str, words: Iterable[str]) -> None:
    for word in dict.fromkeys(plain(word) for word in words if word):
        known.setdefault(word, []).append(name)


def _required(key: str, form: Questionnaire, per_product: bool) -> tuple[str, ...]:
    if key != "sheets":
        return (*REQUIRED[key], *(("product",) if key == "dispatch" and per_product else ()))
    # a file that comes from elsewhere is described by ``columns`` and may lack numbers and dates
    identity = () if form.columns else ("sheet_no", "customer_id", "returned_on")
    return (*identity, *(("product",) if per_product else ()), *form.item_keys)
