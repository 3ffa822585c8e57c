"""Controls that browsers do not have: an amount with its currency, rows of a table, several files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

CURRENCIES = ("CNY", "USD", "EUR", "HKD", "JPY", "GBP")
SPARE_ROWS = 4


class MoneyInput(forms.MultiWidget):
    """An amount and its currency; what comes out is one text, ``1200.50 CNY``."""

    def __init__(self) -> None:
        amount = forms.TextInput(attrs={"inputmode": "decimal", "class": "form-control"})
        currency = forms.Select(choices=[(code, code) for code in CURRENCIES], attrs={"class": "form-select"})
        super().__init__({"amount": amount, "currency": currency}, attrs={})
        self.template_name = "records/money.html"

    def decompress(self, value: Any) -> list[str]:
        """A kept or typed amount as the two controls show it."""
        if isinstance(value, dict):
            return [str(value.get("amount", "")), str(value.get("currency", CURRENCIES[0]))]
        amount, _, currency = str(value or "").partition(" ")
        return [amount, currency or CURRENCIES[0]]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Both controls as one text; empty where no amount was typed."""
        amount, currency = (str(part or "").strip() for part in super().value_from_datadict(data, files, name))
        return f"{amount} {currency}" if amount else ""


class RowsInput(forms.Widget):
    """Rows of a table: those that are there and a few spare ones; a row that is left empty is none."""

    template_name = "records/rows.html"

    def __init__(self, columns: Sequence[tuple[str, str, forms.Widget]]) -> None:
        super().__init__()
        self.columns = columns

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """The rows with their controls."""
        rows = list(value or [])
        spare: list[dict[str, Any]] = [{} for _ in range(SPARE_ROWS)]
        shown = [
            [
                (title, widget.render(f"{name}-{n}-{key}", row.get(key, ""), {"class": _look(widget)}))
                for key, title, widget in self.columns
            ]
            for n, row in enumerate([*rows, *spare])
        ]
        keys = [(f"{name}-{n}-key", row.get("key", "")) for n, row in enumerate([*rows, *spare])]
        rows_shown = [
            {"key_name": key, "key": value, "cells": cells} for (key, value), cells in zip(keys, shown, strict=True)
        ]
        return {**super().get_context(name, value, attrs), "heads": [t for _, t, _ in self.columns], "rows": rows_shown}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, Any]]:
        """The rows that hold something, each with its key where it has one."""
        found = []
        for n in range(_count(data, name)):
            row = {key: w.value_from_datadict(data, files, f"{name}-{n}-{key}") for key, _, w in self.columns}
            key = str(data.get(f"{name}-{n}-key") or "")
            if key or any(value not in (None, "", []) for value in row.values()):
                found.append({**row, "key": key})
        return found

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Rows are never a single value of the form."""
        return False


class FilesInput(forms.ClearableFileInput):
    """Several files at once; nothing is cleared by it."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """All files that were chosen."""
        return files.getlist(name) if isinstance(files, MultiValueDict) else files.get(name)


class PhotoInput(FilesInput):
    """Pictures: a phone opens its camera, a desk asks for picture files."""

    def __init__(self) -> None:
        super().__init__(attrs={"accept": "image/*", "capture": "environment"})


class SignatureInput(forms.TextInput):
    """The name of somebody outside who signs, above the line it stands on."""

    def __init__(self) -> None:
        super().__init__(attrs={"class": "signature-line", "autocomplete": "off", "maxlength": 100})


class DayInput(forms.DateInput):
    """A day, with the browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """A day and time, with the browser's own control."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


MOST_ROWS = 200


def _count(data: Any, name: str) -> int:
    numbers = [key[len(name) + 1 :].partition("-")[0] for key in data if key.startswith(f"{name}-")]
    return min(max((int(n) + 1 for n in numbers if n.isascii() and n.isdigit() and len(n) < 5), default=0), MOST_ROWS)


def _look(widget: forms.Widget) -> str:
    return "form-select" if isinstance(widget, forms.Select) else "form-control"
