"""Satisfied or not, told from the comment, by a classifier trained on the company's own labelled comments.

A linear support vector machine on sequences of signs: no dictionary, nothing shipped, nothing learned elsewhere. How
far to trust it is measured on comments it was not trained on. What a customer answered always outranks what is told
from the words; where the two differ somebody should read.

Minimises ½‖w‖² + C Σ max(0, 1 − yᵢ w·xᵢ)², the constant among w. Source: Fan et al. 2008, *JMLR* 9:1871 (the
objective); Joachims 1998 (text); Kohavi 1995 (cross-validation).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.comments.features import Vocabulary, counted, vocabulary
from manyi.measure.proportions import Proportion, proportion

Values = NDArray[np.float64]
Flags = NDArray[np.bool_]
MOST_STEPS, PRECISION = 200, 1e-4


@dataclass(frozen=True, slots=True)
class Classifier:
    """A trained classifier: ``margins`` above 0 say satisfied."""

    vocabulary: Vocabulary
    weights: Values

    def margins(self, texts: Sequence[str]) -> Values:
        """How far on the side of *satisfied* each text is; 0 is the border."""
        return np.asarray(_with_constant(self.vocabulary.matrix(texts)) @ self.weights)

    def strongest(self, most: int) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
        """The sequences of two or three signs that speak most for satisfied and for dissatisfied, with their weight."""
        names = list(self.vocabulary.places)
        order = [int(i) for i in np.argsort(self.weights[:-1], kind="stable") if len(names[int(i)].strip()) > 1]
        ends = [i for i in order[::-1][:most] if self.weights[i] > 0], [i for i in order[:most] if self.weights[i] < 0]
        satisfied, dissatisfied = ([(names[i], float(self.weights[i])) for i in end] for end in ends)
        return satisfied, dissatisfied


@dataclass(frozen=True, slots=True)
class CrossValidated:
    """How the classifier does on comments it was not trained on.

    ``confusion`` rows: truly dissatisfied, truly satisfied; columns: told dissatisfied, told satisfied. ``majority``
    is what always naming the larger group would reach. ``margins`` are those of each comment while left out.
    """

    accuracy: Proportion
    majority: float
    macro_f1: float
    f1_dissatisfied: float
    f1_satisfied: float
    confusion: tuple[tuple[int, int], tuple[int, int]]
    margins: Values


def train(texts: Sequence[str], satisfied: Flags, *, c: float = 1.0) -> Classifier:
    """A classifier from labelled texts; refuses where only one label occurs."""
    if not satisfied.any() or satisfied.all():
        raise Refusal("one_label", "label", int(satisfied.sum()), Text("满意与不满意的意见都要有", "comments of both kinds"),
                      Text("请核对 satisfied 中的代码", "Check which codes count as satisfied"))  # fmt: skip
    places, counts = counted(texts)
    return _trained(places, counts, satisfied, c)


def _trained(places: Mapping[str, int], counts: Any, satisfied: Flags, c: float) -> Classifier:
    known = vocabulary(places, counts)
    rows = _with_constant(known.weighted(counts))
    return Classifier(known, _minimum(rows, np.where(satisfied, 1.0, -1.0), c))


def _minimum(rows: Any, sign: Values, c: float) -> Values:
    """The minimum by Newton's method: steps by conjugate gradients on the cases inside the margin, halved until lower."""
    w = np.zeros(rows.shape[1])
    told = np.zeros(len(sign))
    value, first = c * len(sign), 0.0
    for _ in range(MOST_STEPS):
        short = np.maximum(0.0, 1 - sign * told)
        inside = rows[short > 0]
        inward = inside.T.tocsr()
        slope = w - 2 * c * (inward @ (sign * short)[short > 0])
        steep = math.sqrt(_product(slope, slope))
        first = first or steep
        if steep <= PRECISION * first:
            break
        step = _solved(lambda v: v + 2 * c * (inward @ (inside @ v)), -slope)  # noqa: B023
        along, length = np.asarray(rows @ step), 1.0
        while length > 1e-10:
            lower = _objective(w + length * step, told + length * along, sign, c)
            if lower <= value + 1e-4 * length * _product(slope, step):
                break
            length /= 2
        w, told, value = w + length * step, told + length * along, lower
    return w


def _product(a: Values, b: Values) -> float:
    # not a @ b: the threads of BLAS cost more than sums of this size, and add up in another order each time
    return float((a * b).sum())


def _objective(w: Values, told: Values, sign: Values, c: float) -> float:
    short = np.maximum(0.0, 1 - sign * told)
    return _product(w, w) / 2 + c * _product(short, short)


def _solved(times: Callable[[Values], Values], wanted: Values) -> Values:
    """Conjugate gradients to a tenth of the start: Newton's next step mends the rest."""
    x, rest = np.zeros_like(wanted), wanted.copy()
    direction, now = rest.copy(), _product(rest, rest)
    enough = 0.01 * now
    for _ in range(MOST_STEPS):
        if now <= enough:
            break
        turned = times(direction)
        length = now / _product(direction, turned)
        x, rest = x + length * direction, rest - length * turned
        before, now = now, _product(rest, rest)
        direction = rest + now / before * direction
    return x


def cross_validate(
    texts: Sequence[str], satisfied: Flags, *, folds: int = 5, seed: int = 0, c: float = 1.0, level: float = 0.95
) -> CrossValidated:
    """Each fold is told by a classifier trained on the others; folds hold both labels in like shares.

    The draw of the folds depends on ``seed`` only. Refuses fewer comments of a label than folds.
    """
    fewest = int(min(satisfied.sum(), (~satisfied).sum()))
    if folds < 2 or fewest < folds:
        raise Refusal("few_labels", "folds", fewest, Text(f"每类至少 {max(folds, 2)} 条意见", f"{max(folds, 2)} comments of each kind or more"),
                      Text("请增加已判定的意见，或减少 folds", "Label more comments, or take fewer folds"))  # fmt: skip
    fold = _folds(satisfied, folds, seed)
    places, counts = counted(texts)
    margins = np.empty(len(texts))
    for number in range(folds):
        out = fold == number
        trained = _trained(places, counts[~out], satisfied[~out], c)
        margins[out] = _with_constant(trained.vocabulary.weighted(counts[out])) @ trained.weights
    return _measured(satisfied, margins, level)


def _folds(satisfied: Flags, folds: int, seed: int) -> NDArray[np.int64]:
    draw = np.random.Generator(np.random.PCG64(seed))
    fold = np.empty(len(satisfied), np.int64)
    for label in (False, True):
        members = np.flatnonzero(satisfied == label)
        fold[draw.permutation(members)] = np.arange(len(members)) % folds
    return fold


def _measured(satisfied: Flags, margins: Values, level: float) -> CrossValidated:
    told = margins > 0
    hits = [int((told & satisfied).sum()), int((~told & ~satisfied).sum())]
    n, misses = len(satisfied), [int((told & ~satisfied).sum()), int((~told & satisfied).sum())]
    f1 = [2 * hit / (2 * hit + sum(misses)) if hit + sum(misses) else 0.0 for hit in hits]
    return CrossValidated(
        accuracy=proportion(sum(hits), n, level=level),
        majority=max(float(satisfied.mean()), 1 - float(satisfied.mean())),
        macro_f1=sum(f1) / 2,
        f1_dissatisfied=f1[1],
        f1_satisfied=f1[0],
        confusion=((hits[1], misses[0]), (misses[1], hits[0])),
        margins=margins,
    )


def _with_constant(rows: Any) -> Any:
    return sparse.hstack([rows, np.ones((rows.shape[0], 1))], format="csr")
