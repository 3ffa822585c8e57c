"""Outcome rates of a survey by the AAPOR Standard Definitions, from the final disposition of every sampled case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from manyi.core.errors import Refusal
from manyi.core.text import Text

CODES = ("I", "P", "R", "NC", "O", "UH", "UO", "NE")
"""Complete, partial, refusal, non-contact, other, unknown if there is a unit, unknown if eligible, not eligible."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The rates by name, ``None`` where a denominator is 0; ``e`` is the share of unknowns taken as eligible."""

    counts: Mapping[str, float]
    e: float | None
    rates: Mapping[str, float | None]


def outcome_rates(counts: Mapping[str, float], e: float | None = None) -> Outcomes:
    """RR1–6, COOP1–4, REF1–3, CON1–3 and LOC1–2 of counts (or sums of weights) by disposition.

    With N* = I+P+R+NC+O and U = UH+UO: RR1 I/(N*+U) · RR2 (I+P)/(N*+U) · RR3 I/(N*+eU) · RR4 (I+P)/(N*+eU) ·
    RR5 I/N* · RR6 (I+P)/N* · COOP1 I/(I+P+R+O) · COOP2 (I+P)/(I+P+R+O) · COOP3 I/(I+P+R) · COOP4 (I+P)/(I+P+R) ·
    REF1, 2, 3 R/ and CON1, 2, 3 (I+P+R+O)/ of N*+U, N*+eU, N* · LOC1, 2 N*/ of N*+U, N*+eU.
    ``e`` absent: estimated from the cases resolved, N*/(N*+NE) (CASRO). Refuses negative counts and a sum of 0.
    Source: AAPOR, Standard Definitions.

    >>> found = outcome_rates({"I": 4, "P": 2, "R": 1, "NC": 1, "O": 1, "UH": 1, "UO": 1, "NE": 1})
    >>> round(found.e, 3), round(found.rates["RR1"], 3), round(found.rates["RR3"], 3)
    (0.9, 0.364, 0.37)
    """
    n = {code: float(counts.get(code, 0)) for code in CODES}
    strange = sorted(set(counts) - set(CODES))
    if strange or min(n.values()) < 0 or sum(n.values()) <= 0:
        raise Refusal("bad_counts", "counts", strange or dict(counts), Text("I、P、R、NC、O、UH、UO、NE 的非负个数", "counts of I, P, R, NC, O, UH, UO and NE"),
                      Text("请核对处置代码", "Check the dispositions"))  # fmt: skip
    if e is not None and not 0 <= e <= 1:
        raise Refusal("bad_share", "e", e, Text("0 到 1 之间的数", "a number from 0 to 1"), Text("例如 0.8", "Write 0.8, for example"))  # fmt: skip
    known, unknown = n["I"] + n["P"] + n["R"] + n["NC"] + n["O"], n["UH"] + n["UO"]
    share = e if e is not None else known / (known + n["NE"]) if known + n["NE"] > 0 else None
    least, middle = known + unknown, None if share is None and unknown > 0 else known + (share or 0.0) * unknown
    done, spoken = n["I"] + n["P"], n["I"] + n["P"] + n["R"] + n["O"]
    parts: dict[str, tuple[float, float | None]] = {
        "RR1": (n["I"], least), "RR2": (done, least), "RR3": (n["I"], middle), "RR4": (done, middle),
        "RR5": (n["I"], known), "RR6": (done, known),
        "COOP1": (n["I"], spoken), "COOP2": (done, spoken),
        "COOP3": (n["I"], done + n["R"]), "COOP4": (done, done + n["R"]),
        "REF1": (n["R"], least), "REF2": (n["R"], middle), "REF3": (n["R"], known),
        "CON1": (spoken, least), "CON2": (spoken, middle), "CON3": (spoken, known),
        "LOC1": (known, least), "LOC2": (known, middle),
    }  # fmt: skip
    return Outcomes(n, share, {name: over / under if under else None for name, (over, under) in parts.items()})
