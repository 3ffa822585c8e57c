"""A survey wave as plain values: what its procedure says, what came in, and what follows from both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, TypeVar

from manyi.core.durations import Duration
from manyi.core.errors import Fault
from manyi.core.forms import Questionnaire
from manyi.core.limits import Limit
from manyi.core.predicates import Facts, Predicate
from manyi.core.steps import StepRule
from manyi.core.text import Text
from manyi.core.tiers import Coverage, Floor, Tier

Of = Literal["overall", "product", "dimension", "item"]
OF: tuple[Of, ...] = ("overall", "product", "dimension", "item")
K = TypeVar("K")
NO_PRODUCT = ""
"""The product of sheets in a wave that is not asked per product."""


# ---- what the procedure says ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RankFact:
    """A customer's best place by sales among the buyers of any product, in the wave's year.

    ``together``: equals share the better place ("1224"); otherwise they share the worse one ("1334").
    """

    name: str
    together: bool = True


@dataclass(frozen=True, slots=True)
class WaveRules:
    """All that a procedure states about one programme's waves, each rule with the clause that states it.

    ``clauses`` maps a finding kind to its clause (``below_target`` → ``5.5.1``); a kind that is absent is
    not called for by the procedure and is not found. ``frame_on`` is the (month, day) whose customers and facts count.
    ``yearly``: it is asked once every year; else whenever something calls for it. ``includes`` are the programmes
    whose sheets of the same year enter its result.
    ``report`` is the record kind the wave's report is, ``report_steps`` its steps, and ``report_opens`` the time it is
    due to begin as (years after the wave's year, month).
    """

    procedure: str
    code: str
    title: Text
    revision: str
    programme: str
    programme_title: Text
    report_title: Text
    questionnaire: Questionnaire
    per_product: bool
    weighted_by_sales: bool
    frame: Predicate | None
    ranks: tuple[RankFact, ...]
    tiers: tuple[Tier, ...]
    floors: tuple[Floor, ...]
    returned_within: Duration | None
    return_limit: Limit | None
    clauses: Mapping[str, str]
    calendar: str = "working"
    steps: tuple[StepRule, ...] = ()
    report: str = ""
    report_steps: tuple[StepRule, ...] = ()
    report_opens: tuple[int, int] | None = None
    frame_on: tuple[int, int] | None = None
    opens_in: int | None = None
    yearly: bool = True
    includes: tuple[str, ...] = ()
    channels: tuple[tuple[str, Text], ...] = ()
    comment_title: Text = field(default_factory=lambda: Text("意见", "Remarks"))
    signatures: tuple[tuple[str, Text], ...] = ()
    parameters: Mapping[str, Fraction] = field(default_factory=dict)


# ---- what came in -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cube:
    """Counted sheets. ``sheets[product, tier]`` and ``grades[product, tier, item, grade]`` are integers;
    a blank answer is the grade ``""``. Cubes of disjoint sheets add up."""

    sheets: Mapping[tuple[str, str], int]
    grades: Mapping[tuple[str, str, str, str], int]

    def __add__(self, other: Cube) -> Cube:
        return Cube(_added(self.sheets, other.sheets), _added(self.grades, other.grades))


def _added(a: Mapping[K, int], b: Mapping[K, int]) -> dict[K, int]:
    total = dict(a)
    for key, n in b.items():
        total[key] = total.get(key, 0) + n
    return total


@dataclass(frozen=True, slots=True)
class Yardstick:
    """A score to hold a figure against: a target, or the previous wave's result."""

    of: Of
    key: str
    product: str
    score: Fraction


@dataclass(frozen=True, slots=True)
class WaveData:
    """One wave's input, counted.

    ``sales`` is the year's amount by product, ``None`` where no sales are known. ``customers`` are the facts of
    the frame. ``asked_rows`` counts ledger rows and ``asked`` are their customers, both ``None`` without a ledger.
    ``returned`` counts sheets that stand in the ledger; ``late``, ``not_in_ledger``, ``before_wave`` (dated
    before the wave's year) and ``written`` are sheet numbers.
    """

    year: int | None
    cube: Cube
    sales: Mapping[str, Fraction] | None
    customers: Mapping[str, Facts]
    asked_rows: int | None = None
    asked: frozenset[str] | None = None
    returned: int = 0
    late: tuple[str, ...] = ()
    not_in_ledger: tuple[str, ...] = ()
    before_wave: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    previous: tuple[Yardstick, ...] = ()
    targets: tuple[Yardstick, ...] = ()
    left_out: tuple[Fault, ...] = ()


# ---- what follows -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Score:
    """A mean on 0–100 over ``n`` sheets.

    ``unanswered`` and ``not_applicable`` count answers; ``alternative`` is the same figure with blanks left out,
    ``None`` where nobody answered.
    """

    value: Fraction
    n: int
    unanswered: int = 0
    not_applicable: int = 0
    alternative: Fraction | None = None


@dataclass(frozen=True, slots=True)
class ProductScore:
    """A product's satisfaction, its sales of the year and its share of *all* sales of the year."""

    product: str
    score: Score
    sales: Fraction | None
    sales_share: Fraction | None


@dataclass(frozen=True, slots=True)
class Overall:
    """The one figure of the wave and how it was made; ``measured_share`` is the share of sales behind it."""

    value: Fraction
    n: int
    method: Literal["sales_weighted", "mean_of_sheets"]
    measured_share: Fraction | None
    alternative: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Decline:
    """A figure that is lower than last time."""

    of: Of
    key: str
    product: str
    previous: Fraction
    now: Fraction


@dataclass(frozen=True, slots=True)
class Returns:
    """Ledger rows and the sheets that came back for them."""

    asked: int | None
    returned: int
    share: Fraction | None
    limit: Limit | None

    @property
    def met(self) -> bool | None:
        """Whether the return limit is kept; ``None`` where there is none or nothing to judge."""
        if self.limit is None or self.share is None:
            return None
        return self.limit.is_met_by(self.share)


@dataclass(frozen=True, slots=True)
class Finding:
    """What needs attention: the clause that calls for it, the figure, the limit it was held against."""

    clause: str
    kind: str
    value: Fraction | None
    limit: Fraction | None
    text: Text
    subject: str = ""


@dataclass(frozen=True, slots=True)
class WaveResult:
    """Everything a wave's report states; mappings are in the order of their keys."""

    year: int | None
    sheets: int
    overall: Overall | None
    products: tuple[ProductScore, ...]
    unmeasured_products: tuple[str, ...]
    items: Mapping[str, Score]
    product_items: Mapping[tuple[str, str], Score]
    dimensions: Mapping[str, Score]
    grades: Mapping[str, Mapping[str, int]]
    lowest_items: Mapping[str, tuple[str, ...]]
    lowest_products: tuple[str, ...]
    declined: tuple[Decline, ...]
    coverage: tuple[Coverage, ...]
    returns: Returns
    outside_frame: tuple[str, ...]
    uncovered: tuple[str, ...]
    findings: tuple[Finding, ...]
    data: WaveData


FINDING_KINDS = (
    "below_target",
    "below_previous",
    "coverage_below_floor",
    "return_below_floor",
    "unmeasured_product",
    "lowest_item",
    "lowest_product",
    "written_dissatisfaction",
    "declined",
)
