"""What matters most: each item's share of what makes sheets differ, beside how well it is done.

The share is LMG (Lindeman, Merenda & Gold 1980) of the item in the sheet's own satisfaction, with limits by resampling:
it says which items part satisfied sheets from dissatisfied ones, not what causes what. Too few sheets bear no order.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from manyi.core.errors import Refusal
from manyi.core.forms import Questionnaire
from manyi.core.text import Text
from manyi.measure.drivers import MOST_EXACT, bootstrap_drivers, drivers
from manyi.measure.importance import importance_map
from manyi.papers.insight import Driver, Priorities

REPLICATES, SEED, LEAST = 500, 1, 30
TOO_FEW = Text(
    f"完整的调查表少于 {LEAST} 份，不能判断哪些小项更要紧",
    f"With fewer than {LEAST} complete sheets it cannot be told which items matter more",
)
NOT_APART = Text(
    "各小项的答复几乎同升同降，或都相同，分不出哪些更要紧",
    "The items rise and fall together or do not differ, so which of them matter more cannot be told",
)
Scores = NDArray[np.float64]


def find_priorities(form: Questionnaire, scores: Scores) -> Priorities | Text:
    """The map of the items from raw ``scores`` (sheets, items; NaN unanswered), or why the sheets do not bear one."""
    filled = _filled(form, scores)
    whole = filled[np.isfinite(filled).all(axis=1)]
    vary = [j for j in range(whole.shape[1]) if len(whole) and whole[:, j].std() > 0]
    keys = [form.item_keys[j] for j in vary]
    if len(whole) < max(LEAST, len(vary) + 3):
        return TOO_FEW
    if len(vary) < 2 or len(vary) > MOST_EXACT:
        return NOT_APART
    points = np.array([float(item.points) for item in form.items])
    data = np.column_stack([whole @ points / points.sum(), whole[:, vary]])
    try:
        found = drivers(data, ("sheet", *keys), seed=SEED)
    except Refusal:
        return NOT_APART
    spread = bootstrap_drivers(data, replicates=REPLICATES, seed=SEED)
    if spread is None:
        return NOT_APART
    placed = importance_map(keys, data[:, 1:], data[:, 1:], derived=[float(share) for share in found.lmg])
    lines, (lower, upper) = placed.crosshair, spread.lmg
    rows = tuple(
        Driver(
            one.name, one.importance, float(lower[j]), float(upper[j]), one.performance, one.quadrant,
            one.undecided or bool(lower[j] <= lines[0] <= upper[j]),
        )
        for j, one in enumerate(placed.items)
    )  # fmt: skip
    return Priorities(len(whole), lines[0], lines[1], rows)


def _filled(form: Questionnaire, scores: Scores) -> Scores:
    """Blanks as the procedure counts them; where it leaves them out they stay out."""
    fill = form.scale.score_of(form.counts_as) if form.counts_as else None
    return scores if fill is None else np.where(np.isfinite(scores), scores, float(fill))
