"""Points scoring: from counted grades to exact scores on 0–100.

With raw scores s (0–100), item points w and n sheets, the procedures of this kind define

- item score        S_j = Σ_i s_ij / n
- one sheet         Q_i = Σ_j s_ij · w_j / Σ w
- product           P_k = Σ_{i in k} Q_i / n_k
- overall           A   = Σ_k P_k · v_k, v_k the product's share of the sales of all measured products.

Every mean of sheets is linear in the counts of grades, so P_k = Σ_j w_j S_jk / Σ w and nothing but integers
has to be counted. A blank counts as the grade the procedure names, or is left out; an answer that means
*not applicable* is always left out. Where answers are left out, S_j is the mean of those that remain and items
that nobody answered drop out of Σ w: for the rule *left out*, P_k is this weighted mean of item means.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from manyi.core.forms import BLANK, Item, Questionnaire
from manyi.core.waves import Cube, Score

Grades = Mapping[str, int]
"""How often each grade was given; a blank is the grade ``""``."""


def score_item(grades: Grades, form: Questionnaire) -> Score | None:
    """The mean raw score of one item; ``None`` where no answer counts.

    >>> from manyi.core.forms import linear_scale
    >>> from manyi.core.text import Text
    >>> form = Questionnaire("f", Text(), (), (), linear_scale(1, 5), counts_as="4")
    >>> score = score_item({"5": 2, "3": 1, "": 1}, form)
    >>> score.value, score.n, score.unanswered, score.alternative
    (Fraction(325, 4), 4, 1, Fraction(250, 3))
    """
    raw = {grade.key: grade.score for grade in form.scale.grades}
    answered = sum(n for key, n in grades.items() if key in raw)
    total = sum((raw[key] * n for key, n in grades.items() if key in raw), Fraction(0))
    blanks = grades.get(BLANK, 0)
    counted, value = answered, total
    if form.counts_as is not None:
        counted, value = answered + blanks, total + raw[form.counts_as] * blanks
    if not counted:
        return None
    sheets = sum(grades.values())
    return Score(
        value=value / counted,
        n=sheets,
        unanswered=blanks,
        not_applicable=sheets - answered - blanks,
        alternative=total / answered if answered else None,
    )


def weigh(items: Iterable[Item], scores: Mapping[str, Score], sheets: int) -> Score | None:
    """Σ w S / Σ w over those of ``items`` that have a score; ``None`` where none has one."""
    known = [(item.points, scores[item.key]) for item in items if item.key in scores]
    value = _mean((points, score.value) for points, score in known)
    if value is None:
        return None
    return Score(
        value=value,
        n=sheets,
        unanswered=sum(score.unanswered for _, score in known),
        not_applicable=sum(score.not_applicable for _, score in known),
        alternative=_mean((points, s.alternative) for points, s in known if s.alternative is not None),
    )


def _mean(pairs: Iterable[tuple[Fraction, Fraction]]) -> Fraction | None:
    weighted = list(pairs)
    weight = sum((points for points, _ in weighted), Fraction(0))
    return sum((points * value for points, value in weighted), Fraction(0)) / weight if weight else None


class Scored:
    """A cube scored: how many sheets, and the scores of its items, its dimensions and the whole."""

    def __init__(self, cube: Cube, form: Questionnaire) -> None:
        self.form = form
        self.sheets = sum(cube.sheets.values())
        counts: dict[str, dict[str, int]] = {key: {} for key in form.item_keys}
        for (_, _, item, grade), n in cube.grades.items():
            counts[item][grade] = counts[item].get(grade, 0) + n
        self.grades: Mapping[str, Grades] = counts
        scored = {key: score_item(grades, form) for key, grades in counts.items()}
        self.items = {key: score for key, score in scored.items() if score is not None}

    @property
    def whole(self) -> Score | None:
        """The mean satisfaction of the sheets."""
        return weigh(self.form.items, self.items, self.sheets)

    @property
    def dimensions(self) -> dict[str, Score]:
        """The score of every dimension that has one: its items weighted by their points."""
        scores = {}
        for dimension in self.form.dimensions:
            members = [item for item in self.form.items if item.dimension == dimension.key]
            score = weigh(members, self.items, self.sheets)
            if score is not None:
                scores[dimension.key] = score
        return scores


def score_by_product(cube: Cube, form: Questionnaire) -> dict[str, Scored]:
    """Every product that has sheets, scored, in the order of their names."""
    sheets: dict[str, dict[tuple[str, str], int]] = {}
    grades: dict[str, dict[tuple[str, str, str, str], int]] = {}
    for place, n in cube.sheets.items():
        sheets.setdefault(place[0], {})[place] = n
    for cell, n in cube.grades.items():
        grades.setdefault(cell[0], {})[cell] = n
    return {product: Scored(Cube(sheets[product], grades.get(product, {})), form) for product in sorted(sheets)}


def weigh_by_sales(scores: Mapping[str, Fraction], sales: Mapping[str, Fraction]) -> Fraction | None:
    """Σ P_k · sales_k / Σ sales_k over the measured products; ``None`` where these have no sales."""
    return _mean((sales.get(product, Fraction(0)), score) for product, score in scores.items())
