"""Two gradings of a designed sample against each other, and the slopes of a figure on others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.designs import Codes, Design, Values, covariance
from manyi.measure.tails import chi2_p, f_p, two_sided_p


@dataclass(frozen=True, slots=True)
class RaoScott:
    """Pearson's χ² of the weighted table over its mean design effect, as an F with fractional degrees of freedom."""

    statistic: float
    df1: float
    df2: float
    p: float


@dataclass(frozen=True, slots=True)
class Slopes:
    """Coefficients, the constant first, with their design-based standard errors and two-sided p."""

    estimates: Values
    se: Values
    df: int
    p: Values


@dataclass(frozen=True, slots=True)
class Independence:
    """Pearson's χ² of a two-way table with Cramér's V (0–1) and the smallest count expected without association."""

    statistic: float
    df: int
    p: float
    v: float
    least_expected: float


def independence(counts: Values) -> Independence:
    """Whether the rows of ``counts`` (r, c) have the same distribution over its columns.

    χ² = Σ(O − E)²/E with E = row sum × column sum ÷ n, (r − 1)(c − 1) degrees of freedom; V = √(χ² ÷ (n·(min(r, c) − 1))).
    Rows and columns without a case are left out. The p is unreliable where expected counts are below 5. Refuses fewer
    than two rows or columns. Source: Pearson 1900; Cramér 1946; Agresti 2013, ch. 3.

    >>> found = independence(np.array([[10.0, 20.0], [20.0, 10.0]]))
    >>> round(found.statistic, 4), found.df, found.least_expected
    (6.6667, 1, 15.0)
    """
    kept = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if min(kept.shape) < 2:
        raise Refusal("one_group", "groups", min(kept.shape), Text("至少两类", "two levels or more of both"),
                      Text("只有一类时无从检验", "With one level there is nothing to test"))  # fmt: skip
    n = float(kept.sum())
    expected = np.outer(kept.sum(axis=1), kept.sum(axis=0)) / n
    statistic, smaller = float(np.sum((kept - expected) ** 2 / expected)), min(kept.shape) - 1
    df = (kept.shape[0] - 1) * (kept.shape[1] - 1)
    v = float(np.sqrt(statistic / (n * smaller)))
    return Independence(statistic, df, chi2_p(statistic, df), v, float(expected.min()))


def rao_scott(rows: Codes, columns: Codes, design: Design) -> RaoScott:
    """Whether two gradings (codes from 0; −1 for none) are independent in the population: the second-order test of Rao and Scott.

    With the design's covariance V of the cell shares p and that of a simple random sample, the eigenvalues of their
    quotient in the directions of interaction are the design effects δ: F = X²/Σδ, df1 = (Σδ)²/Σδ², df2 = df1·(units −
    strata). Refuses a grading with one level. Source: Rao & Scott 1984, Annals of Statistics 12:46; Thomas & Rao 1987.
    """
    there = (rows >= 0) & (columns >= 0)
    n, r, c = int(there.sum()), int(rows.max()) + 1, int(columns.max()) + 1
    if r < 2 or c < 2 or design.df() < 1:
        raise Refusal("one_group", "groups", min(r, c), Text("至少两类", "two levels or more of both"),
                      Text("只有一类时无从检验", "With one level there is nothing to test"))  # fmt: skip
    cells = np.zeros((len(design), r * c))
    cells[there, (rows * c + columns)[there]] = 1.0
    size = float(design.weights[there].sum())
    shares: Values = design.weights @ cells / size
    spread = covariance((cells - shares * there[:, None]) / size, design)
    margins = shares.reshape(r, c)
    expected = np.outer(margins.sum(axis=1), margins.sum(axis=0))
    pearson = n * float(np.sum((margins - expected) ** 2 / expected))
    inverse = np.divide(1.0, shares, out=np.zeros_like(shares), where=shares > 0)
    apart = _interaction(r, c)
    effects = np.linalg.solve(
        apart.T @ (apart * inverse[:, None]) / n, apart.T @ (spread * np.outer(inverse, inverse)) @ apart
    )
    first, second = float(np.trace(effects)), float(np.trace(effects @ effects))
    if not first > 0:
        raise Refusal("constant", "groups", first, Text("有抽样误差的样本", "a sample with sampling error"),
                      Text("各类比例没有变异，无从检验", "The shares do not vary: there is nothing to test"))  # fmt: skip
    df1 = first**2 / second
    df2 = df1 * design.df()
    statistic = pearson / first
    return RaoScott(statistic, df1, df2, f_p(statistic, df1, df2))


def _interaction(r: int, c: int) -> Values:
    """The directions of interaction of an r × c table, orthogonal to its rows and columns; (cells, (r−1)(c−1))."""
    row, column = np.repeat(np.arange(r), c), np.tile(np.arange(c), r)
    a = (row[:, None] == np.arange(1, r)).astype(float)
    b = (column[:, None] == np.arange(1, c)).astype(float)
    main = np.column_stack([np.ones(r * c), a, b])
    both = (a[:, :, None] * b[:, None, :]).reshape(r * c, -1)
    fitted, *_ = np.linalg.lstsq(main, both, rcond=None)
    apart: Values = both - main @ fitted
    return apart


def slopes(y: Values, x: Values, design: Design) -> Slopes:
    """Weighted least squares of y on a constant and ``x`` (rows, q); variances by linearisation of the estimating equations.

    u = (X'WX)⁻¹x(y − x'b); t with units − strata − q degrees of freedom. Refuses columns that determine each other.
    Source: Fuller 1975; Binder 1983.
    """
    full = np.column_stack([np.ones(len(y)), x])
    df = design.df() + 1 - full.shape[1]
    if np.linalg.matrix_rank(full) < full.shape[1] or df < 1:
        raise Refusal("singular", "x", full.shape[1], Text("互不决定的变量，个案足够多", "columns that do not determine each other, and enough cases"),
                      Text("请去掉多余的变量", "Leave out a column"))  # fmt: skip
    inner = np.linalg.inv(full.T @ (full * design.weights[:, None]))
    b = inner @ (full.T @ (design.weights * y))
    influence = (full * (y - full @ b)[:, None]) @ inner
    se = np.sqrt(np.diag(covariance(influence, design)))
    return Slopes(b, se, df, np.array([two_sided_p(t, df) for t in b / se]))
