"""The 0–100 index of a construct and the importance–performance map: what a point of one is worth on another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from manyi.measure.linear import Floats
from manyi.measure.pls.model import PathModel


@dataclass(frozen=True, slots=True)
class Scales:
    """The lowest and the highest grade of every item (p,), as the questionnaire prints them."""

    lowest: Floats
    highest: Floats


def index_0_100(means: Floats, raw_weights: Floats, scales: Scales, model: PathModel) -> Floats:
    """100 · Σ w (x̄ − a) ÷ Σ w (b − a) of every construct; means and weights of unstandardised items (m, p) → (m, c).

    Lies in 0–100 where no weight of the block is negative; NaN where the weights cancel out. With one scale of 1–10 it is
    the ACSI's formula. Source: Fornell et al. 1996, J. Marketing 60(4):7–18.
    """
    gained = (raw_weights * (means - scales.lowest)) @ model.member
    return 100 * gained / _sums(raw_weights * (scales.highest - scales.lowest), model)


def index_weights(raw_weights: Floats, model: PathModel) -> Floats:
    """The weights of unstandardised items (p,), each block adding up to 1; NaN where they cancel out."""
    return raw_weights / _sums(raw_weights, model)[model.owner]


def importance(total: Floats, raw_weights: Floats, scales: Scales, model: PathModel) -> Floats:
    """Unstandardised total effects (c, c): points of the index ``to`` for one point of the index ``from``.

    A construct has unit variance, so its index has the standard deviation 100 ÷ Σ w (b − a), and a standardised effect is
    stretched by the ratio of the two. Source: Ringle & Sarstedt 2016, IMDS 116(9).
    """
    spread = 100 / _sums(raw_weights * (scales.highest - scales.lowest), model)
    return total * spread[None, :] / spread[:, None]


def _sums(values: Floats, model: PathModel) -> Floats:
    """The sum of every block, NaN where its parts cancel out."""
    sums, size = values @ model.member, np.abs(values) @ model.member
    found: Floats = np.where(np.abs(sums) > 1e-12 * size, sums, np.nan)
    return found
