"""A wave evaluated from counted sheets: every figure checked against sums done by hand."""

from fractions import Fraction as F

from manyi.core.forms import BLANK, Dimension, Grade, Item, Questionnaire, Scale
from manyi.core.limits import Limit
from manyi.core.predicates import Compare, Constant, Fact, Truth
from manyi.core.text import Text
from manyi.core.tiers import Floor, Tier
from manyi.core.waves import Cube, WaveData, WaveRules, Yardstick
from manyi.measure.waves import evaluate

SCALE = Scale(tuple(Grade(k, Text(k, k), F(s)) for k, s in [("good", 100), ("fair", 80), ("poor", 20)]))
FORM = Questionnaire(
    "form",
    Text("表", "Form"),
    items=(
        Item("speed", Text("速度", "Speed"), "service", F(60)),
        Item("price", Text("价格", "Price"), "value", F(40)),
    ),
    dimensions=(Dimension("service", Text("服务", "Service"), F(60)), Dimension("value", Text("价值", "Value"), F(40))),
    scale=SCALE,
    counts_as="fair",
    written="comment",
)
KINDS = [
    "below_target",
    "below_previous",
    "return_below_floor",
    "unmeasured_product",
    "lowest_item",
    "lowest_product",
    "written_dissatisfaction",
    "declined",
]


def rules(**changes: object) -> WaveRules:
    values: dict[str, object] = {
        "procedure": "X", "code": "X-1", "title": Text("程序", "Procedure"), "revision": "1",
        "programme": "annual", "programme_title": Text("年度", "Annual"), "report_title": Text("报告", "Report"),
        "questionnaire": FORM, "per_product": True, "weighted_by_sales": True, "frame": None, "ranks": (),
        "tiers": (
            Tier("key", Text("重点", "Key"), "3.1", Compare(">", Fact("annual_sales"), Constant(F(50))),
                 Limit("at_least", F(9, 10))),
            Tier("rest", Text("其他", "Rest"), "3.1", Truth(Constant(True)), None),
        ),
        "floors": (Floor("all", "3.2", None, Limit("at_least", F(1, 2))),),
        "returned_within": None, "return_limit": Limit("at_least", F(6, 10)),
        "clauses": {kind: f"5.{n}" for n, kind in enumerate(KINDS)},
    }  # fmt: skip
    return WaveRules(**{**values, **changes})  # type: ignore[arg-type]


def cube(*sheets: tuple[str, str, str]) -> Cube:
    """Sheets as (product, speed, price), counted one by one."""
    total = Cube({}, {})
    for product, speed, price in sheets:
        total = total + Cube(
            {(product, "key"): 1},
            {(product, "key", "speed", speed): 1, (product, "key", "price", price): 1},
        )
    return total


def data(*sheets: tuple[str, str, str], **changes: object) -> WaveData:
    values: dict[str, object] = {"year": 2026, "cube": cube(*sheets), "sales": None, "customers": {}}
    return WaveData(**{**values, **changes})  # type: ignore[arg-type]


def kinds(result: object) -> list[str]:
    return [finding.kind for finding in result.findings]  # type: ignore[attr-defined]


def test_it_weighs_items_by_points_and_products_by_sales() -> None:
    result = evaluate(
        rules(),
        data(("A", "good", "poor"), ("A", "fair", "fair"), ("B", "poor", "good"), sales={"A": F(30), "B": F(10)}),
    )
    # A: sheets 60+8=68 and 80 -> 74; B: 12+40=52; overall (74*30+52*10)/40
    assert [(p.product, p.score.value, p.score.n, p.sales_share) for p in result.products] == [
        ("A", F(74), 2, F(3, 4)), ("B", F(52), 1, F(1, 4)),
    ]  # fmt: skip
    assert result.overall is not None
    assert (result.overall.value, result.overall.method) == (F(137, 2), "sales_weighted")
    assert result.items["speed"].value == F(200, 3)
    assert result.dimensions["value"].value == F(200, 3)


def test_a_blank_counts_as_the_named_grade_and_the_alternative_stands_beside() -> None:
    result = evaluate(rules(), data(("A", "poor", BLANK), ("A", BLANK, BLANK)))
    speed = result.items["speed"]
    assert (speed.value, speed.unanswered, speed.alternative) == (F(50), 1, F(20))
    assert (result.items["price"].value, result.items["price"].alternative) == (F(80), None)


def test_a_not_applicable_never_enters_a_mean() -> None:
    form = Questionnaire("f", Text(), FORM.items, FORM.dimensions, Scale(SCALE.grades, frozenset({"0"})), "fair")
    result = evaluate(rules(questionnaire=form), data(("A", "0", "good"), ("A", "good", "0")))
    assert (result.items["speed"].value, result.items["speed"].not_applicable) == (F(100), 1)


def test_an_unmeasured_product_is_named_and_the_shares_are_renormalised() -> None:
    result = evaluate(rules(), data(("A", "good", "good"), sales={"A": F(30), "B": F(10)}))
    assert result.unmeasured_products == ("B",)
    assert result.overall is not None
    assert (result.overall.value, result.overall.measured_share) == (F(100), F(3, 4))
    [finding] = [f for f in result.findings if f.kind == "unmeasured_product"]
    assert (finding.value, finding.subject, finding.clause) == (F(1, 4), "B", "5.3")


def test_without_sales_it_takes_the_mean_of_sheets_and_says_so() -> None:
    result = evaluate(rules(), data(("A", "good", "good"), ("B", "poor", "poor"), ("B", "poor", "poor")))
    assert result.overall is not None
    assert (result.overall.value, result.overall.method) == (F(140, 3), "mean_of_sheets")
    assert "unmeasured_product" in kinds(result)


def test_it_judges_tiers_and_floors_and_names_who_is_missing() -> None:
    customers = {"c1": {"annual_sales": F(60)}, "c2": {"annual_sales": F(70)}, "c3": {"annual_sales": F(5)}}
    result = evaluate(
        rules(),
        data(("A", "good", "good"), customers=customers, asked=frozenset({"c1", "c3", "x"}), asked_rows=3, returned=1),
    )
    key, rest, whole = result.coverage
    assert (key.tier, key.population, key.asked, key.share, key.met, key.missing) == (
        "key",
        2,
        1,
        F(1, 2),
        False,
        ("c2",),
    )
    assert (rest.share, rest.limit, rest.met) == (F(1), None, None)
    assert (whole.tier, whole.share, whole.met) == ("all", F(2, 3), True)
    assert result.outside_frame == ("x",)
    assert (result.returns.share, result.returns.met) == (F(1, 3), False)
    assert kinds(result)[:2] == ["coverage_below_floor", "return_below_floor"]


def test_it_compares_with_target_and_previous_and_lists_the_focus() -> None:
    previous = (
        Yardstick("overall", "", "", F(90)),
        Yardstick("item", "speed", "A", F(99)),
        Yardstick("product", "A", "", F(50)),
    )
    targets = (Yardstick("overall", "", "", F(80)), Yardstick("dimension", "value", "", F(10)))
    result = evaluate(
        rules(), data(("A", "poor", "good"), previous=previous, targets=targets, sales={"A": F(1)}, written=("s1",))
    )
    assert [(d.of, d.key, d.product, d.previous, d.now) for d in result.declined] == [
        ("item", "speed", "A", F(99), F(20))
    ]
    assert result.lowest_items == {"A": ("speed",)}
    assert kinds(result) == [
        "below_target", "below_previous", "lowest_item", "lowest_product", "written_dissatisfaction", "declined",
    ]  # fmt: skip


def test_ties_are_all_named() -> None:
    result = evaluate(rules(), data(("A", "good", "good"), ("B", "good", "good")))
    assert result.lowest_products == ("A", "B")
    assert result.lowest_items["A"] == ("price", "speed")


def test_a_kind_without_a_clause_is_not_called_for() -> None:
    assert kinds(evaluate(rules(clauses={}), data(("A", "poor", "poor")))) == []


def test_cubes_of_disjoint_sheets_add_up() -> None:
    a, b = ("A", "good", BLANK), ("B", "poor", "fair")
    assert cube(a) + cube(b) == cube(a, b)
