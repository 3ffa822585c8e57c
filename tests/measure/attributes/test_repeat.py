"""Models of repeat orders against the published estimates of a music shop, and what they are worth as signs of loss."""

from __future__ import annotations

import csv
from functools import cache

import numpy as np
import pytest
from scipy import special
from tests.measure.data import expected, shared
from tests.measure.verification import verified

from manyi.core.errors import Refusal
from manyi.measure.repeat import BgNbd, History, ParetoNbd, Repeats, Shape, history, repeats, spending

BTYD, PAPER = "BTYD 2.4.3, R 4.2.2", "Fader, Hardie & Lee 2005"
KINDS: dict[str, tuple[Shape, str, str]] = {
    "bg_nbd": (BgNbd(), "bgnbd", "BGNBD"), "pareto_nbd": (ParetoNbd(), "pnbd", "ParetoNBD"),
}  # fmt: skip


@cache
def shop() -> tuple[History, np.ndarray]:
    """The customers' first 39 weeks, and their orders in the next 39."""
    rows = list(csv.DictReader(shared("cdnow/cdnow_summary.csv").read_text(encoding="utf-8").splitlines()))
    x, t, end, later = (np.array([float(row[head]) for row in rows]) for head in ("x", "t.x", "T.cal", "x.star"))
    return history(x, t, end), later


@cache
def fitted(kind: str) -> Repeats:
    return repeats(shop()[0], KINDS[kind][0])


def auc(sign: np.ndarray, again: np.ndarray) -> float:
    """How often a customer who came back has the greater ``sign``, ties half."""
    places = np.sort(sign[~again])
    low, high = (np.searchsorted(places, sign[again], side=side) for side in ("left", "right"))
    return float((low + high).mean() / 2 / len(places))


@pytest.mark.parametrize("kind", KINDS)
def test_parameters_are_the_published_ones(kind: str) -> None:
    told, (shape, _, paper) = fitted(kind), KINDS[kind]
    assert told.settled
    want, printed = expected("cdnow/expected_R_BTYD.json")[kind], expected("cdnow/expected_published.json")[paper]
    # BTYD's Pareto/NBD rests where the likelihood still rises by 3e-10
    verified(f"repeat: parameters, {kind}", "cdnow", BTYD, [want[name] for name in shape.names], told.values, rel=2e-5)
    verified(f"repeat: log-likelihood, {kind}", "cdnow", BTYD, want["LL"], told.log_likelihood, rel=1e-10)
    verified(f"repeat: parameters, {kind}, printed", "cdnow", PAPER, [printed[name] for name in shape.names], told.values,
             abs=5.1e-4, rel=0)  # fmt: skip
    verified(
        f"repeat: log-likelihood, {kind}, printed", "cdnow", PAPER, printed["LL"], told.log_likelihood, abs=0.051, rel=0
    )


def test_the_headline_parameters_stand_here() -> None:
    assert fitted("bg_nbd").values == pytest.approx([0.243, 4.414, 0.793, 2.426], abs=5e-4)
    assert fitted("pareto_nbd").values == pytest.approx([0.553, 10.578, 0.606, 11.669], abs=5e-4)


def test_standard_errors_are_those_of_clvtools() -> None:
    want = expected("cdnow/expected_published.json")["ParetoNBD_se_CLVTools"]
    verified("repeat: standard errors, pareto_nbd", "cdnow", "CLVTools, tests", list(want.values()), fitted("pareto_nbd").se,
             rel=5e-4)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_named_customers_and_a_new_one_agree(kind: str) -> None:
    told, (seen, _), short = fitted(kind), shop(), KINDS[kind][1]
    want = expected("cdnow/expected_R_BTYD.json")
    places = [int(name) - 1 for name in want["customers"]]
    for figure, key, ours in (
        ("P(active)", "palive", told.active(seen)),
        ("orders in 52 weeks", "cond_exp_52w", told.expected(seen, 52)),
    ):
        verified(f"repeat: {figure}, {kind}", "cdnow", BTYD, [c[f"{short}_{key}"] for c in want["customers"].values()],
                 ours[places], rel=5e-6)  # fmt: skip
    verified(f"repeat: orders of a new customer, {kind}", "cdnow", BTYD, want[f"{short}_expected_new_customer_52w"],
             told.expected_of_new(52), rel=2e-6)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_the_next_39_weeks_are_foretold_as_the_reference_says(kind: str) -> None:
    told, (seen, later), short = fitted(kind), shop(), KINDS[kind][1]
    want = expected("cdnow/expected_R_BTYD.json")["holdout_39_weeks"]
    ahead, again = told.expected(seen, 39), later > 0
    assert (int(later.sum()), int(again.sum())) == (want["actual_transactions"], want["active"])
    verified(f"repeat: orders in the next 39 weeks, {kind}", "cdnow", BTYD, want[f"{short}_sum"], ahead.sum(), rel=3e-6)
    verified(f"repeat: mean absolute error, {kind}", "cdnow", BTYD, want["MAE_transactions"][short],
             float(np.abs(ahead - later).mean()), rel=1e-5)  # fmt: skip
    for figure, key, sign in (("P(active)", "palive", told.active(seen)), ("expected orders", "cond_exp", ahead)):
        verified(f"repeat: AUC of coming back by {figure}, {kind}", "cdnow", BTYD, want["AUC"][f"{short}_{key}"],
                 auc(sign, again), rel=1e-4)  # fmt: skip


def test_the_chance_of_being_active_tells_less_than_the_last_order() -> None:
    (seen, later), again = shop(), shop()[1] > 0
    plain = auc(-(seen.watched - seen.last), again)
    assert plain == pytest.approx(0.772, abs=1e-3)
    assert all(auc(fitted(kind).active(seen), again) < plain for kind in KINDS)
    # no better than a coin: whoever never repeated counts as active for certain
    assert (fitted("bg_nbd").active(seen)[seen.repeats == 0] == 1).all()
    assert auc(fitted("bg_nbd").active(seen), again) < 0.5
    assert len(later) == 2357


def test_what_is_spent_is_the_published_gamma_gamma() -> None:
    rows = list(csv.DictReader(shared("cdnow/cdnow_summary.csv").read_text(encoding="utf-8").splitlines()))
    x, means = (np.array([float(row[head]) for row in rows]) for head in ("x", "m.x"))
    told, printed = spending(x, means), expected("cdnow/expected_published.json")["GammaGamma"]
    want = expected("cdnow/expected_R_BTYD.json")["gamma_gamma"]
    assert told.settled
    assert told.n == 946
    # BTYD's search rests a little below the maximum, along a flat ridge of p and γ
    verified("repeat: parameters, gamma_gamma", "cdnow", BTYD, [want[name] for name in ("p", "q", "gamma")],
             told.values.tolist(), rel=1e-4)  # fmt: skip
    verified("repeat: parameters, gamma_gamma, printed", "cdnow", "Fader & Hardie 2013",
             [printed[name] for name in ("p", "q", "gamma")], told.values.tolist(), abs=5.1e-3, rel=0)  # fmt: skip
    verified("repeat: log-likelihood, gamma_gamma", "cdnow", "Fader & Hardie 2013", printed["LL"], told.log_likelihood,
             rel=1e-6)  # fmt: skip
    p, q, gamma = told.values
    # nothing seen: the mean of all; many orders: their own mean
    assert told.expected(np.array([0.0, 1e7]), np.array([0.0, 50.0])) == pytest.approx(
        [p * gamma / (q - 1), 50], rel=1e-5
    )


@pytest.mark.parametrize("columns", [([1, 2], [3]), ([0, 0, 0], [1, 1, 1]), ([1, 1], [2, 2])])
def test_spending_of_too_few_is_refused(columns: tuple[list[float], ...]) -> None:
    with pytest.raises(Refusal):
        spending(*(np.array(values, float) for values in columns))


SEEN = history([0, 0, 1, 3, 26, 400], [0, 0, 1.7, 20, 30.8, 38], [39, 27, 39, 39, 31, 39])


@pytest.mark.parametrize(
    "values", [(0.6, 10.5, 0.6, 11.7), (0.6, 11.7, 2.0, 3.0), (3.0, 0.2, 1.0, 30.0), (1.0, 5.0, 0.7, 0.01)]
)
def test_the_integral_is_the_difference_of_two_hypergeometric_functions(values: tuple[float, ...]) -> None:
    r, alpha, s, beta = values
    x, t, end = SEEN.repeats[:5], SEEN.last[:5], SEEN.watched[:5]
    power, larger = r + s + x, max(alpha, beta)

    def term(time: np.ndarray) -> np.ndarray:
        by = s + 1 if alpha >= beta else r + x
        return special.hyp2f1(power, by, power + 1, abs(alpha - beta) / (larger + time)) / (larger + time) ** power

    inside = (alpha + end) ** -(r + x) * (beta + end) ** -s + s / power * (term(t) - term(end))
    want = special.gammaln(r + x) - special.gammaln(r) + r * np.log(alpha) + s * np.log(beta) + np.log(inside)
    assert ParetoNbd().likelihood(np.array(values), SEEN)[0][:5] == pytest.approx(want, rel=1e-7)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("values", [(0.6, 10.5, 0.6, 2.5), (2.0, 1.5, 3.0, 0.4), (0.05, 40.0, 1.0, 30.0)])
def test_slopes_are_those_of_the_likelihood(kind: str, values: tuple[float, ...]) -> None:
    shape, at = KINDS[kind][0], np.array(values)
    slopes = shape.likelihood(at, SEEN)[1]
    for k in range(4):
        step = np.eye(4)[k] * at[k] * 1e-5
        apart = (shape.likelihood(at + step, SEEN)[0] - shape.likelihood(at - step, SEEN)[0]) / (2 * step[k])
        assert slopes[:, k] == pytest.approx(apart, rel=1e-5, abs=1e-7)


@pytest.mark.parametrize("kind", KINDS)
def test_made_customers_give_their_parameters_back(kind: str) -> None:
    seen, true = made(kind, 800)
    told = repeats(seen, KINDS[kind][0])
    assert told.settled
    assert (np.abs(told.values - true) < 4 * told.se).all()
    assert (told.se < true).all()
    slower = repeats(History(seen.repeats, 7 * seen.last, 7 * seen.watched), KINDS[kind][0])
    assert slower.log_likelihood == pytest.approx(told.log_likelihood - seen.repeats.sum() * np.log(7), rel=1e-9)
    assert slower.values[:2] == pytest.approx(told.values[:2] * [1, 7], rel=1e-5)


def made(kind: str, n: int) -> tuple[History, np.ndarray]:
    random, true = (
        np.random.default_rng(8),
        np.array([0.8, 4.0, 1.2, 3.0] if kind == "bg_nbd" else [0.8, 4.0, 1.5, 20.0]),
    )
    x, t, end = np.zeros(n), np.zeros(n), random.uniform(26, 52, n)
    rates = random.gamma(true[0], 1 / true[1], n)
    chances, leaves = random.beta(1.2, 3.0, n), random.exponential(1 / random.gamma(1.5, 1 / 20.0, n))
    for k in range(n):
        time = 0.0
        while True:
            time += random.exponential(1 / rates[k])
            if time > (end[k] if kind == "bg_nbd" else min(end[k], leaves[k])):
                break
            x[k], t[k] = x[k] + 1, time
            if kind == "bg_nbd" and random.random() < chances[k]:
                break
    return history(x, t, end), true


def test_expectations_do_not_jump_where_a_or_s_is_one() -> None:
    for shape in (BgNbd(), ParetoNbd()):
        near = [shape.ahead(np.array([0.6, 10.0, at, 4.0]), SEEN, 52.0) for at in (1 - 1e-4, 1.0, 1 + 1e-4)]
        assert near[1] == pytest.approx((near[0] + near[2]) / 2, rel=1e-5)


@pytest.mark.parametrize(
    "columns",
    [([1], [5], [4]), ([0], [2], [4]), ([2], [0], [4]), ([1.5], [2], [4]), ([-1], [2], [4]), ([], [], []), ([1, 2], [1], [4]),
     ([1], [np.nan], [4]), ([1], [2], [np.inf])],
)  # fmt: skip
def test_impossible_histories_are_refused(columns: tuple[list[float], ...]) -> None:
    with pytest.raises(Refusal) as refused:
        history(*columns)
    assert refused.value.code == "bad_history"


def test_customers_who_never_came_back_are_refused() -> None:
    with pytest.raises(Refusal) as refused:
        repeats(history([0, 0], [0, 0], [4, 5]), BgNbd())
    assert refused.value.code == "no_repeats"
    with pytest.raises(Refusal) as refused:
        fitted_small().expected(SEEN, -1)
    assert refused.value.code == "bad_duration"


def fitted_small() -> Repeats:
    return Repeats(BgNbd(), np.array([0.6, 10.0, 0.8, 2.0]), np.full(4, np.nan), -1.0, 6, True)
