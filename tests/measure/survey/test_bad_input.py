"""Every bad table and spec is refused with exit code 2, a code and a hint; nothing ends in a traceback."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.measure.data import call, refused

SHEETS = "id,y,x,w,h,p,g\n" + "".join(
    f"{i},{i % 5 + 1},{i % 3 + 1},{i % 4 + 1},{'AB'[i % 2]},P{i % 6},{'EW'[i % 2]}\n" for i in range(1, 25)
)
ONE_ROW = "id,y,x,w,h,p,g\n1,3,1,1,A,P1,E\n"
CONSTANT = "id,y,x,w,h,p,g\n" + "".join(f"{i},3,1,1,{'AB'[i % 2]},P{i},{'EW'[i % 2]}\n" for i in range(8))
EMPTY = "id,y,x,w,h,p,g\n" + "".join(f"{i},,,1,A,P{i},E\n" for i in range(8))
TEXT = SHEETS.replace("\n3,4,", "\n3,four,")
INFINITE = SHEETS.replace("\n3,4,", "\n3,inf,")
DOUBLED = SHEETS + "3,1,1,1,A,P1,E\n"
WEIGHTLESS = SHEETS.replace("\n3,4,1,4,", "\n3,4,1,0,")
NO_DIVISOR = "y,x\n1,0\n2,0\n"
NEGATIVE = SHEETS.replace("\n3,4,1,4,", "\n3,4,1,-2,")

CASES: list[tuple[str, str, dict[str, Any], str]] = [
    ("estimate", "id,y\n", {"of": "y"}, "no_rows"),
    ("estimate", "", {"of": "y"}, "no_rows"),
    ("estimate", ONE_ROW, {"of": "y"}, "lonely_unit"),
    ("estimate", TEXT, {"of": "y"}, "not_a_number"),
    ("estimate", INFINITE, {"of": "y"}, "not_a_number"),
    ("estimate", EMPTY, {"of": "y"}, "no_answers"),
    ("estimate", SHEETS, {"of": "nothing"}, "no_column"),
    ("estimate", SHEETS, {"of": "y", "weights": "nothing"}, "no_column"),
    ("estimate", SHEETS, {"of": "y", "wieghts": "w"}, "unknown_key"),
    ("estimate", SHEETS, {}, "missing_key"),
    ("estimate", SHEETS, {"of": 3}, "wrong_value"),
    ("estimate", SHEETS, {"of": "y", "kind": "median"}, "wrong_value"),
    ("estimate", WEIGHTLESS, {"of": "y", "weights": "w"}, "not_positive"),
    ("estimate", NEGATIVE, {"of": "y", "weights": "w"}, "not_positive"),
    ("estimate", SHEETS, {"of": "y", "strata": "id"}, "lonely_unit"),
    ("estimate", SHEETS, {"of": "y", "psu": "p", "strata": "g", "fpc": "x"}, "bad_fpc"),
    ("estimate", SHEETS, {"of": "y", "psu": "x", "strata": "h"}, "not_nested"),
    ("estimate", SHEETS, {"of": "y", "strata": ["h", "g"]}, "too_many_strata"),
    ("estimate", DOUBLED, {"of": "y", "id": "id"}, "duplicate"),
    ("estimate", SHEETS, {"of": "y", "kind": "ratio"}, "wrong_value"),
    ("estimate", NO_DIVISOR, {"of": ["y", "x"], "kind": "ratio"}, "zero_denominator"),
    ("estimate", SHEETS, {"of": "y", "level": 1.5}, "bad_level"),
    ("estimate", SHEETS, {"of": "y", "kind": "quantile", "quantile": 2}, "bad_quantile"),
    ("estimate", SHEETS, {"of": "y", "strata": "h", "replicates": "JK1"}, "stratified"),
    ("estimate", SHEETS, {"of": "y", "strata": "h", "replicates": "BRR"}, "not_pairs"),
    ("estimate", SHEETS, {"of": "y", "margins": {"h": {"A": 5, "C": 5}}}, "empty_level"),
    ("estimate", SHEETS, {"of": "y", "margins": {"h": {"A": 5}}}, "unknown_level"),
    ("estimate", SHEETS, {"of": "y", "margins": {"h": {"A": 5, "B": 0}}}, "bad_total"),
    ("estimate", SHEETS, {"of": "y", "margins": {"h": {"A": 5, "B": 5}, "p": {f"P{i}": 1 for i in range(6)}}}, "margins_differ"),
    ("estimate", SHEETS, {"of": "y", "auxiliaries": {"x": 50, "w": "many"}}, "wrong_value"),
    ("estimate", CONSTANT, {"of": "y", "auxiliaries": {"x": 50, "w": 50}}, "singular"),
    ("rake", SHEETS, {}, "missing_key"),
    ("rake", SHEETS, {"margins": {"h": {"A": 5, "B": 5}, "g": {"E": 9, "W": 1}}}, "not_converged"),
    ("rake", WEIGHTLESS, {"weights": "w", "margins": {"h": {"A": 5, "B": 5}}}, "not_positive"),
    ("rake", DOUBLED, {"id": "id", "margins": {"h": {"A": 5, "B": 5}}}, "duplicate"),
    ("rake", SHEETS, {"margins": {"h": 3}}, "wrong_value"),
    ("proportion", SHEETS, {"of": "y"}, "which_is_yes"),
    ("proportion", SHEETS, {"of": "y", "yes": ["9"]}, "no_such_answer"),
    ("proportion", SHEETS, {}, "missing_key"),
    ("proportion", SHEETS, {"count": "w", "size": "x"}, "bad_counts"),
    ("proportion", EMPTY, {"of": "y"}, "bad_counts"),
    ("proportion", SHEETS, {"of": "y", "yes": ["5"], "target": 80}, "bad_target"),
    ("difference", SHEETS, {"of": "y"}, "missing_key"),
    ("difference", CONSTANT, {"of": "y", "by": "g"}, "constant"),
    ("difference", CONSTANT, {"of": "y", "by": "g", "kind": "ordinal"}, "constant"),
    ("difference", ONE_ROW, {"of": "y", "by": "g"}, "no_answers"),
    ("difference", SHEETS, {"of": "y", "by": "g", "groups": ["E", "N"]}, "bad_groups"),
    ("difference", SHEETS, {"before": "y"}, "missing_key"),
    ("difference", DOUBLED, {"of": "y", "by": "g", "pair": "g"}, "duplicate"),
    ("difference", SHEETS, {"of": "y", "by": "g", "margin": -1}, "bad_margin"),
    ("difference", SHEETS, {"of": "y", "by": "g", "kind": "ordinal", "weights": "w"}, "wrong_value"),
    ("difference", SHEETS, {"of": "y", "by": "id", "kind": "proportion", "yes": ["5"], "weights": "w", "groups": ["1", "2"]}, "constant"),
    ("difference", TEXT, {"of": "y", "by": "g"}, "not_a_number"),
    ("multiplicity", SHEETS, {"p": "y"}, "bad_p"),
    ("multiplicity", EMPTY, {"p": "y"}, "bad_p"),
    ("nps", SHEETS, {"of": "y", "scale": [0, 4]}, "outside_scale"),
    ("nps", SHEETS, {"of": "y", "scale": [1, 5]}, "bad_bands"),
    ("nps", SHEETS, {"of": "y", "method": "guess"}, "wrong_value"),
    ("nps", EMPTY, {"of": "y"}, "no_answers"),
    ("nps", SHEETS, {"of": "y", "kind": "csat", "scale": ["a", "b"]}, "bad_scale"),
    ("allocate", SHEETS, {"strata": "h", "n": 99}, "bad_n"),
    ("allocate", SHEETS, {"strata": "h", "n": 3, "floor": 0.5}, "bad_n"),
    ("allocate", SHEETS, {"strata": "h", "n": 3, "method": "neyman"}, "missing_figure"),
    ("allocate", CONSTANT, {"strata": "h", "of": "y", "n": 3, "method": "neyman"}, "constant"),
    ("allocate", SHEETS, {"strata": "h", "floors": {"C": 0.5}}, "unknown_stratum"),
    ("allocate", SHEETS, {"strata": "h", "floors": {"A": 5}}, "bad_floor"),
    ("allocate", SHEETS, {"strata": "h", "n": 3, "cv": 0.1}, "wrong_value"),
    ("allocate", SHEETS, {"strata": "h", "error": 0}, "bad_size"),
    ("draw", DOUBLED, {"id": "id", "seed": 1, "n": 2}, "duplicate"),
    ("draw", SHEETS, {"id": "id", "seed": 1}, "missing_key"),
    ("draw", SHEETS, {"id": "id", "n": 3}, "missing_key"),
    ("draw", SHEETS, {"id": "id", "seed": 1, "n": 99}, "bad_n"),
    ("draw", SHEETS, {"id": "id", "seed": 1, "strata": "h", "sizes": {"A": 2}}, "strata_differ"),
    ("draw", SHEETS, {"id": "id", "seed": 1, "strata": "h", "sizes": {"A": 2, "B": 1}, "floor": 0.5}, "bad_n"),
    ("aapor", SHEETS, {"code": "g"}, "unknown_code"),
    ("aapor", SHEETS, {"code": "g", "codes": {"I": ["E"], "XX": ["W"]}}, "wrong_value"),
    ("aapor", SHEETS, {"code": "g", "codes": {"I": ["E"], "R": ["W"]}, "e": 2}, "bad_share"),
    ("aapor", WEIGHTLESS, {"code": "g", "codes": {"I": ["E"], "R": ["W"]}, "weights": "w"}, "not_positive"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("method", "data", "spec", "code"), CASES, ids=[f"{m}-{c}-{i}" for i, (m, _, _, c) in enumerate(CASES)]
)
def test_it_is_refused_with_its_code(method: str, data: str, spec: dict[str, Any], code: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert code in {fault["code"] for fault in refused(method, data, spec)}


SPECS: list[tuple[str, dict[str, Any]]] = [
    ("estimate", {"of": "a", "by": "b"}),
    ("estimate", {"of": "a", "kind": "total", "weights": "b", "strata": "c"}),
    ("estimate", {"of": ["a", "b"], "kind": "ratio", "psu": "c"}),
    ("estimate", {"of": "a", "kind": "proportion", "fpc": "b", "by": "c"}),
    ("estimate", {"of": "a", "kind": "quantile", "by": "c"}),
    ("estimate", {"of": "a", "replicates": "JKn", "strata": "c"}),
    ("proportion", {"of": "a", "by": "b"}),
    ("proportion", {"count": "a", "size": "b", "target": 0.5}),
    ("difference", {"of": "a", "by": "c"}),
    ("difference", {"of": "a", "by": "c", "kind": "ordinal"}),
    ("difference", {"of": "a", "by": "c", "kind": "nps"}),
    ("difference", {"before": "a", "after": "b", "margin": 1}),
    ("difference", {"kind": "proportion", "before": "a", "after": "b"}),
    ("difference", {"kind": "proportion", "of": "a", "by": "c", "yes": ["1"]}),
    ("difference", {"kind": "proportion", "of": "a", "by": "c", "yes": ["1"], "weights": "b"}),
    ("multiplicity", {"p": "a"}),
    ("nps", {"of": "a", "by": "c"}),
    ("nps", {"of": "a", "kind": "ces"}),
    ("allocate", {"strata": "c", "of": "a", "n": 2, "method": "neyman"}),
    ("allocate", {"strata": "c", "population": "a", "floor": 0.5}),
    ("allocate", {"of": "a", "boundaries": [1, 2], "cv": 0.1}),
    ("draw", {"id": "a", "strata": "c", "seed": 1, "floor": 0.5}),
    ("rake", {"weights": "b", "margins": {"c": {"1": 2, "2": 3}}, "trim": True}),
    ("rake", {"responded": "a", "classes": "c"}),
    ("aapor", {"code": "a", "codes": {"I": ["1"], "R": ["0"], "UH": [""]}, "by": "c"}),
]  # fmt: skip
CELL = st.sampled_from(["", "0", "1", "2", "5", "-1", "0.5", "1e308", "1e-300", "nan", "inf", "x", "NA", "3"])


@given(st.sampled_from(SPECS), st.lists(st.tuples(CELL, CELL, CELL), max_size=12))
@settings(max_examples=50, deadline=None)
def test_junk_gives_an_answer_or_a_refusal(chosen: tuple[str, dict[str, Any]], rows: list[tuple[str, ...]]) -> None:
    method, spec = chosen
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        code, told = call(method, "a,b,c\n" + "".join(",".join(row) + "\n" for row in rows), spec)
    assert code in (0, 2)
    assert ("faults" in told) == (code == 2)
