"""The demo company as plain rows: a valve maker with its units, people, customers, sales and what customers think.

Everything follows from one seed, so that the same company stands in every installation, tutorial and test.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

SEED = 20261205
YEARS = (2024, 2025, 2026)
CUSTOMERS = 120

PRODUCTS = (
    ("球阀", "Ball valve", 1.0, 0.0),
    ("蝶阀", "Butterfly valve", 0.7, -0.25),
    ("闸阀", "Gate valve", 0.5, 0.1),
    ("调节阀", "Control valve", 0.35, -0.45),
    ("电动执行器", "Electric actuator", 0.12, 0.2),
)
"""zh name, en name, relative demand, how it is liked compared with the others."""

UNITS = (
    ("company", "", "华衡阀门股份有限公司", "company"),
    ("sales", "company", "销售公司", "department"),
    ("east", "sales", "华东办事处", "office"),
    ("south", "sales", "华南办事处", "office"),
    ("quality", "company", "品保部", "department"),
    ("service", "quality", "客服课", "section"),
    ("production", "company", "生产部", "department"),
)
"""key, parent, name, kind."""

PEOPLE = (
    ("admin", "系统管理员", "company", (("administrator", "company"),)),
    ("wang", "王建国", "company", (("general_manager", "company"), ("approver", "company"))),
    ("li", "李敏", "quality", (("quality_assurance", "company"),)),
    ("chen", "陈晓", "service", (("customer_service", "company"),)),
    ("zhao", "赵磊", "sales", (("sales_company", "company"),)),
    ("sun", "孙丽", "east", (("sales_staff", "east"),)),
    ("zhou", "周强", "south", (("sales_staff", "south"),)),
    ("wu", "吴芳", "production", (("responsible_department", "production"),)),
    ("he", "何静", "company", (("auditor", "company"),)),
)
"""sign-in name, name, home unit, roles with the unit each is held for."""

PLACES = {
    "east": ("上海", "宁波", "苏州", "南京", "杭州", "无锡", "青岛", "合肥"),
    "south": ("广州", "深圳", "佛山", "厦门", "南宁", "长沙", "昆明", "海口"),
}
NAMES = (
    "海川",
    "华泰",
    "中源",
    "瑞丰",
    "金港",
    "恒达",
    "天成",
    "永信",
    "东方",
    "宏远",
    "三江",
    "正泰",
    "安和",
    "新阳",
    "博润",
)
TRADES = ("化工", "电力", "水务", "石化", "造船", "制药", "冶金", "热力")
ABROAD = ("Nordhavn Process A/S", "Kanto Flow K.K.", "Rhein Armaturen GmbH", "Selangor Utilities Bhd")
COMPLAINTS = (
    "阀门手轮太紧，冬天两个人才能转动。",
    "上次报修等了四天才有人来，影响了停车检修。",
    "密封圈半年就老化，备件又要等三周。",
    "说明书和实物接线不一致，调试花了两天。",
    "发货比合同晚了十二天，没有提前通知。",
    "价格比去年涨了一成，同行没有涨。",
    "包装进水，法兰面有锈点。",
    "售后人员态度很好，但是不带常用备件。",
)


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer: code, name, unit that looks after it, country, person to ask."""

    code: str
    name: str
    unit: str
    country: str
    contact: str
    email: str


@dataclass(frozen=True, slots=True)
class Sale:
    """What a customer bought of a product in a year, in CNY."""

    customer: str
    product: str
    year: int
    amount: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A returned sheet: answers by item key (``""`` where left empty), and what was written."""

    customer: str
    product: str
    returned_on: date
    answers: dict[str, str]
    comment: str


def customers() -> tuple[Customer, ...]:
    """The customers, most of them Chinese and a few abroad."""
    chance = Random(SEED)  # noqa: S311 — a fixed company, no secret
    combinations = [(u, p, n, t) for u, places in PLACES.items() for p in places for n in NAMES for t in TRADES]
    chosen = chance.sample(combinations, CUSTOMERS - len(ABROAD))
    rows = [(f"{place}{name}{trade}有限公司", unit, "CN") for unit, place, name, trade in chosen]
    rows += [(name, "east", "") for name in ABROAD]
    return tuple(
        Customer(f"C{n:03}", name, unit, country or "abroad", f"联系人{n:03}", f"c{n:03}@customer.example")
        for n, (name, unit, country) in enumerate(rows, start=1)
    )


def sales() -> tuple[Sale, ...]:
    """Three years of sales: a few large customers and a long tail, each buying one to four products."""
    chance = Random(SEED + 1)  # noqa: S311
    rows = []
    for customer in customers():
        size = chance.lognormvariate(13.2, 1.25)
        bought = [p for p in PRODUCTS if chance.random() < 0.25 + 0.35 * p[2]] or [PRODUCTS[0]]
        for year in YEARS:
            size *= chance.uniform(0.75, 1.3)
            for name, _, demand, _ in bought:
                if chance.random() < 0.93:
                    rows.append(Sale(customer.code, name, year, _amount(size * demand * chance.uniform(0.5, 1.5))))
    return tuple(row for row in rows if row.amount > 0)


def answer(
    pairs: list[tuple[str, str]], items: tuple[str, ...], grades: tuple[str, ...], sent_on: date, year: int
) -> tuple[Sheet, ...]:
    """What the customers of ``pairs`` (customer, product) send back: about seven in ten within a month, some late.

    ``grades`` run from best to worst. Opinions hold together: a customer, a product and an item each have a mood.
    """
    chance = Random(SEED + year)  # noqa: S311
    liked = {name: mood for name, _, _, mood in PRODUCTS}
    mood_of_item = {item: chance.uniform(-0.35, 0.35) for item in items}
    sheets = []
    for customer, product in pairs:
        mood = chance.gauss(0.35, 0.6) + liked.get(product, 0.0)
        if chance.random() > 0.72:
            continue
        answers = {item: _grade(chance, mood + mood_of_item[item], grades) for item in items}
        days = chance.randint(2, 30) if chance.random() < 0.94 else chance.randint(33, 45)
        comment = chance.choice(COMPLAINTS) if mood < -0.1 and chance.random() < 0.5 else ""
        sheets.append(Sheet(customer, product, sent_on + timedelta(days=days), answers, comment))
    return tuple(sheets)


def _grade(chance: Random, mood: float, grades: tuple[str, ...]) -> str:
    if chance.random() < 0.03:
        return ""
    level = mood + chance.gauss(0, 0.55)
    for grade, border in zip(grades, (0.55, -0.1, -0.7, -1.3), strict=False):
        if level > border:
            return grade
    return grades[-1]


def _amount(value: float) -> int:
    """Whole hundreds, as such tables have them."""
    return round(value / 100) * 100
