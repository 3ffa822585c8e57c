"""The cast: one company whose people every test knows, with P12 in force and a wave of 2026.

Zhang keeps the installation, Wang is the general manager, Li keeps the procedure and analyses, Zhao sells, Sun sells in
the east only, He audits, Qian works for another company unit and sees nothing of this.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

PASSWORD = "correct horse battery"
AT = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
"""Ten o'clock in Shanghai on the day the yearly survey opens."""


@pytest.fixture(autouse=True)
def _test_settings(settings, tmp_path: Path) -> None:
    """Files of each test in its own folder; no threads of the product beside a test's transaction."""
    settings.MANYI_FILES = tmp_path / "files"
    settings.MANYI_CHECKPOINTS = tmp_path / "checkpoints"
    settings.MANYI_SEAL_AFTER_COMMIT = False
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.AXES_ENABLED = False


@pytest.fixture(autouse=True, scope="session")
def _emptied_evidence() -> Iterator[None]:
    """Tests that commit empty the tables afterwards; the evidence refuses that, so its triggers are lifted for it."""
    from django.db.backends.sqlite3.base import DatabaseOperations

    flush = DatabaseOperations.sql_flush

    def sql_flush(self, style, tables, **options):
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
        drops = [f"DROP TRIGGER {name}" for name, _ in triggers]
        return [*drops, *flush(self, style, tables, **options), *(sql for _, sql in triggers)]

    DatabaseOperations.sql_flush = sql_flush
    yield
    DatabaseOperations.sql_flush = flush


@dataclass(frozen=True)
class Cast:
    """The company's units and people."""

    company: object
    sales: object
    east: object
    south: object
    quality: object
    elsewhere: object
    zhang: object
    wang: object
    li: object
    zhao: object
    sun: object
    he: object
    qian: object


@pytest.fixture
def cast(db) -> Cast:
    """Units, people and their roles; no procedure yet."""
    from manyi.base.people.models import Unit
    from manyi.base.people.operations import add_person, add_unit, assign_role, found_company

    zhang = found_company(name="华衡阀门", administrator="zhang", password=PASSWORD, at=AT)
    company = zhang.unit
    do = {"by": zhang, "at": AT}
    sales = add_unit(**do, key="sales", name="销售公司", kind="department", parent=company)
    east = add_unit(**do, key="east", name="华东办事处", kind="office", parent=sales)
    south = add_unit(**do, key="south", name="华南办事处", kind="office", parent=sales)
    quality = add_unit(**do, key="quality", name="品保部", kind="department", parent=company)
    elsewhere = Unit.objects.create(key="elsewhere", name="另一公司", kind="company", path="/elsewhere/")
    people = {}
    for username, name, unit, roles in (
        ("wang", "王建国", company, [("general_manager", company), ("approver", company)]),
        ("li", "李敏", quality, [("quality_assurance", company)]),
        ("zhao", "赵磊", sales, [("sales_company", company)]),
        ("sun", "孙丽", east, [("sales_staff", east)]),
        ("he", "何静", company, [("auditor", company)]),
    ):
        person = add_person(**do, username=username, name=name, unit=unit, password=PASSWORD)
        for role, where in roles:
            assign_role(**do, person=person, role=role, unit=where, from_on=date(2020, 1, 1))
        people[username] = person
    qian = type(zhang)(username="qian", name="钱一", unit=elsewhere)
    qian.set_password(PASSWORD)
    qian.save()
    from manyi.base.people.models import Assignment

    for role in ("administrator", "quality_assurance", "sales_company", "general_manager"):
        Assignment.objects.create(person=qian, role=role, unit=elsewhere, from_on=date(2020, 1, 1))
    return Cast(company, sales, east, south, quality, elsewhere, zhang, **people, qian=qian)


@pytest.fixture
def p12(cast):
    """P12 in force since 2026-12-01: a revision."""
    from manyi.flow.procedure.operations import (
        approve_revision,
        import_procedure,
        put_in_force,
        review_revision,
    )
    from manyi.library import PROCEDURES

    text = (PROCEDURES / "P12.yaml").read_text(encoding="utf-8")
    revision = import_procedure(by=cast.zhang, at=AT, text=text, unit=cast.company)
    review_revision(by=cast.wang, at=AT, revision=revision)
    approve_revision(by=cast.wang, at=AT, revision=revision)
    return put_in_force(by=cast.zhang, at=AT, revision=revision, from_date=date(2026, 12, 1))


CUSTOMERS = [  # code, name, unit, mail; sales of 2026: (product, amount)
    ("C1", "上海海川化工", "east", "c1@customer.example", [("球阀", "6000000"), ("蝶阀", "200000")]),
    ("C2", "宁波华泰石化", "east", "c2@customer.example", [("球阀", "900000")]),
    ("C3", "广州中源水务", "south", "c3@customer.example", [("蝶阀", "400000")]),
    ("C4", "深圳瑞丰电力", "south", "", [("球阀", "50000")]),
]


@pytest.fixture
def register(p12, cast):
    """Four customers with their sales of 2026."""
    from manyi.base.customers.operations import NewCustomer, NewSale, register_customers, register_sales

    do = {"by": cast.zhao, "at": AT, "unit": cast.company}
    register_customers(**do, rows=[NewCustomer(c, n, unit=u, contact="联系人", email=m) for c, n, u, m, _ in CUSTOMERS])
    register_sales(**do, rows=[NewSale(c, p, 2026, Decimal(a)) for c, *_, sales in CUSTOMERS for p, a in sales])


@pytest.fixture
def wave(p12, cast, register):
    """The wave of 2026, just opened."""
    from manyi.flow.plan.operations import open_wave

    return open_wave(
        by=cast.zhao, at=AT, revision=p12, programme="annual_survey", unit=cast.company, year=2026,
        frame_on=date(2026, 12, 5),
    )  # fmt: skip


@pytest.fixture
def sent(wave, cast):
    """The wave sent to everybody, by e-mail where an address is known, else by mail: the ledger rows."""
    from manyi.flow.dispatch.operations import send_wave
    from manyi.flow.dispatch.queries import list_asks
    from manyi.flow.sample.operations import draw_frame

    draw_frame(by=cast.zhao, at=AT, wave=wave)
    for channel, reached in (("email", True), ("mail", False)):
        pairs = [(c, p) for c, _, _, mail, sales in CUSTOMERS for p, _ in sales if bool(mail) == reached]
        send_wave(by=cast.zhao, at=AT, wave=wave, pairs=pairs, channel=channel, sent_on=date(2026, 12, 1))
    return list(list_asks(wave))


@pytest.fixture
def signed_in(client) -> Callable:
    """Sign a person in: ``signed_in(cast.li).get(url)``."""

    def sign_in(person):
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture(scope="session")
def chromium():
    """The one browser of a run: its driver keeps a loop in the thread of the tests, and a second one would not start."""
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
