"""Comments as numbers: how often every sequence of one to three signs stands in them, weighted and of length 1.

tf · idf with idf = ln((1 + N)/(1 + df)) + 1, rows divided by their Euclidean length. Source: Salton & Buckley 1988,
*Information Processing & Management* 24:513; the smoothed idf as in common use.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from manyi.measure.comments.segmentation import normal


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The sequences known, each with its column and its idf; 0 where it stands in no text of the training."""

    places: Mapping[str, int]
    idf: NDArray[np.float64]

    def matrix(self, texts: Sequence[str]) -> Any:
        """Sparse rows of ``texts`` (len(texts), len(places)); a sequence not in the vocabulary counts nothing."""
        return self.weighted(_counted(texts, self.places))

    def weighted(self, counts: Any) -> Any:
        """Counts (rows, len(places)) as tf · idf of length 1; a row of nothing stays one."""
        rows = counts @ sparse.diags(self.idf)
        lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
        return sparse.diags(1 / np.where(lengths > 0, lengths, 1.0)) @ rows


def vocabulary(places: Mapping[str, int], counts: Any) -> Vocabulary:
    """The vocabulary of a training whose texts have these ``counts`` (texts, len(places))."""
    often = np.asarray((counts > 0).sum(axis=0)).ravel()
    idf = np.log((1 + counts.shape[0]) / (1 + often)) + 1
    return Vocabulary(places, np.where(often > 0, idf, 0.0))


def counted(texts: Sequence[str]) -> tuple[Mapping[str, int], Any]:
    """Every sequence of ``texts`` with its column, and how often it stands in each text (sparse rows)."""
    places: dict[str, int] = {}
    for text in texts:
        for gram in grams(text):
            places.setdefault(gram, len(places))
    return places, _counted(texts, places)


def _counted(texts: Sequence[str], places: Mapping[str, int]) -> Any:
    columns, starts = array("q"), [0]
    for text in texts:
        columns.extend(places[gram] for gram in grams(text) if gram in places)
        starts.append(len(columns))
    ones = np.ones(len(columns))
    rows = sparse.csr_matrix((ones, np.asarray(columns, np.int64), np.asarray(starts)), shape=(len(texts), len(places)))
    rows.sum_duplicates()
    return rows


def grams(text: str, longest: int = 3) -> list[str]:
    """The sequences of 1 to ``longest`` signs, blanks pressed into one.

    >>> grams("很好")
    ['很', '好', '很好']
    """
    line = " ".join(normal(text).split())
    return [line[i : i + size] for size in range(1, longest + 1) for i in range(len(line) - size + 1)]
