"""What is asked where a wave is opened, a step is reported done, a target is set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from manyi.base.people.models import Unit
from manyi.core.text import Text
from manyi.core.waves import WaveRules
from manyi.flow.plan.models import Yardstick
from manyi.flow.plan.queries import Programme, suggest_frame_on, suggest_year
from manyi.web.language import reader_language

EARLIEST, LATEST = 2000, 2100
MOST_NOTE = 2000


class DayInput(forms.DateInput):
    """A day as every browser's own control asks for it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class WaveForm(forms.Form):
    """Which survey, for whom, of which year."""

    programme = forms.ChoiceField(label=_("Survey"))
    about = forms.CharField(
        label=_("What it is about"), required=False, max_length=80,
        help_text=_("For a survey that is not asked every year: the customers, the product or the occasion."),
    )  # fmt: skip
    unit = forms.ChoiceField(label=_("Unit"), help_text=_("The customers of this unit and all below it are asked."))
    year = forms.IntegerField(
        label=_("Year"), min_value=EARLIEST, max_value=LATEST, help_text=_("The year whose sales count.")
    )
    frame_on = forms.DateField(
        label=_("Day of the frame"), required=False, widget=DayInput(),
        help_text=_("The customers of this day are asked. Left empty: the day the procedure states."),
    )  # fmt: skip

    def __init__(self, data: Any, *, programmes: Sequence[Programme], units: Iterable[Unit], on: date) -> None:
        self.programmes = {programme.key: programme for programme in programmes}
        self.units = {str(unit.pk): unit for unit in units}
        first = next(iter(self.programmes.values()), None)
        year = suggest_year(first.rules, on) if first else on.year
        frame_on = suggest_frame_on(first.rules, year) if first else None
        super().__init__(data, initial={"year": year, "frame_on": frame_on})
        self._field("programme").choices = [(p.key, _title(p)) for p in programmes]
        self._field("unit").choices = [(key, unit.name) for key, unit in self.units.items()]

    def _field(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 — as declared above
        return field

    def chosen(self) -> dict[str, Any]:
        """The answers as the operation takes them."""
        said = self.cleaned_data
        programme = self.programmes[said["programme"]]
        return {
            "revision": programme.revision,
            "programme": programme.rules.programme,
            "about": said["about"],
            "unit": self.units[said["unit"]],
            "year": said["year"],
            "frame_on": said["frame_on"] or suggest_frame_on(programme.rules, said["year"]),
        }


class StepForm(forms.Form):
    """When a step was done, and a remark."""

    day = forms.DateField(label=_("Done on"), widget=DayInput())
    note = forms.CharField(
        label=_("Remark"), required=False, max_length=MOST_NOTE, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Goes to those who are informed, and stays on record."),
    )  # fmt: skip

    def when(self, at: datetime, opened_at: datetime) -> datetime:
        """The instant that is claimed: now for today, else the middle of the day, not before the survey began."""
        day: date = self.cleaned_data["day"]
        if day == timezone.localdate(at):
            return at
        noon = timezone.make_aware(datetime.combine(day, time(12)))
        return max(noon, opened_at) if day == timezone.localdate(opened_at) else noon


class YardstickForm(forms.Form):
    """A target or a previous result of one figure."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Yardstick.Kind.choices)
    figure = forms.ChoiceField(label=_("Figure"))
    score = forms.DecimalField(label=_("Score"), min_value=0, max_value=100, max_digits=7, decimal_places=4)

    def __init__(self, *args: Any, rules: WaveRules, products: Iterable[str]) -> None:
        super().__init__(*args)
        self.figures = figures_of(rules, products)
        field = self.fields["figure"]
        if isinstance(field, forms.ChoiceField):
            lang = reader_language()
            field.choices = [(key, title.in_(lang)) for key, (_of, _key, title) in self.figures.items()]

    def chosen(self) -> dict[str, Any]:
        """The answers as the operation takes them."""
        of, key, _title = self.figures[self.cleaned_data["figure"]]
        return {"kind": self.cleaned_data["kind"], "of": of, "key": key, "score": self.cleaned_data["score"]}


def figures_of(rules: WaveRules, products: Iterable[str]) -> dict[str, tuple[str, str, Text]]:
    """Every figure of a wave that may be held against a yardstick: (of, key, title) by the name a form uses."""
    found = {"overall": ("overall", "", Text("总体满意度", "Overall satisfaction"))}
    for n, product in enumerate(products):
        found[f"product:{n}"] = ("product", product, Text(f"产品：{product}", f"Product: {product}"))
    form = rules.questionnaire
    for part in form.dimensions:
        title = Text(f"项目：{part.title.in_('zh')}", f"Dimension: {part.title.in_('en')}")
        found[f"dimension:{part.key}"] = ("dimension", part.key, title)
    for item in form.items:
        title = Text(f"小项：{item.title.in_('zh')}", f"Item: {item.title.in_('en')}")
        found[f"item:{item.key}"] = ("item", item.key, title)
    return found


def _title(programme: Programme) -> str:
    return f"{programme.rules.programme_title.in_(reader_language())} · {programme.revision}"
