"""How much a path adds: the model estimated anew without it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from manyi.measure.linear import Floats, correlation
from manyi.measure.pls.algorithm import construct_moments, outer_weights
from manyi.measure.pls.model import PathModel, Scheme
from manyi.measure.pls.structure import path_coefficients


def effect_sizes(moments: Floats, explained: Floats, model: PathModel, scheme: Scheme) -> Floats:
    """f² of every path (c, c): (R² − R² of the model without it) ÷ (1 − R²) (Cohen 1988); 0 where there is no path.

    ``moments`` (p, p) are those the weights were estimated from. The weights are estimated anew without the path, as seminr
    does; programs that keep them differ in the third digit. NaN where R² is 1 or the model without the path has no weights.
    """
    found = np.zeros(model.leads.shape)
    for source, target in np.argwhere(model.leads):
        alone = model.leads[:, target].sum() == 1
        without = 0.0 if alone else _explained_without(moments, model, scheme, int(source), int(target))
        whole = float(explained[target])
        found[source, target] = (whole - without) / (1 - whole) if whole < 1 - 1e-12 else np.nan
    return found


def _explained_without(moments: Floats, model: PathModel, scheme: Scheme, source: int, target: int) -> float:
    leads = model.leads.copy()
    leads[source, target] = False
    kept = np.flatnonzero(leads.any(axis=0) | leads.any(axis=1))
    items = np.flatnonzero(np.isin(model.owner, kept))
    rest = replace(
        model,
        constructs=tuple(model.constructs[c] for c in kept),
        blocks=tuple(model.blocks[c] for c in kept),
        modes=tuple(model.modes[c] for c in kept),
        paths=tuple((model.constructs[i], model.constructs[j]) for i, j in np.argwhere(leads)),
        owner=np.searchsorted(kept, model.owner[items]),
        leads=leads[np.ix_(kept, kept)],
    )
    some = moments[np.ix_(items, items)][None]
    outer = outer_weights(some, rest, scheme)
    between = correlation(construct_moments(some, outer.weights, rest)[1])
    _, explained, sound = path_coefficients(between, rest)
    return float(explained[0, np.searchsorted(kept, target)]) if outer.sound[0] and sound[0] else np.nan
