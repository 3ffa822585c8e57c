"""A file of customers and sales: read whole in a process of its own, taken in batch by batch, exactly once."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from tests.conftest import AT
from xlsxwriter import Workbook

from manyi.base.customers import intake as intakes
from manyi.base.customers.models import Contact, Customer, Product, Sale
from manyi.base.evidence.models import Event
from manyi.base.files import intakes as files
from manyi.base.files.models import Intake
from manyi.base.files.operations import request_intake, resume_intake, stop_intake

CUSTOMERS = [
    ["客户编号", "名称", "部门", "国家", "联系人", "邮箱", "电话"],
    ["N1", "苏州新源", "华东办事处", "中国", "陆工", "lu@new.example", "13800000000"],
    ["N2", "青岛海瑞", "", "", "", "", ""],
    ["C1", "上海海川化工(集团)", "", "", "", "", ""],
]
SALES = [
    ["客户编号", "产品", "年份", "金额"],
    ["N1", "球阀", 2026, 1200000],
    ["N1", "球阀", 2026, 0.5],
    ["C2", "蝶阀", 2025, "1,234.56"],
]


def workbook(**tables) -> bytes:
    out = io.BytesIO()
    with Workbook(out) as book:
        for name, rows in tables.items():
            sheet = book.add_worksheet(name)
            for n, row in enumerate(rows):
                sheet.write_row(n, 0, row)
    return out.getvalue()


def ask(cast, content: bytes, title="客户.xlsx", by=None) -> Intake:
    return request_intake(
        purpose=intakes.PURPOSE, subject="", unit=cast.company.pk, title=title, content=content,
        asked_by=(by or cast.zhao).pk, at=AT,
    )  # fmt: skip


def again(intake: Intake) -> Intake:
    """As the next round of the jobs finds it."""
    return Intake.objects.select_related("file", "rows").get(pk=intake.pk)


def take(intake: Intake) -> Intake:
    intakes.take_register(intake, at=AT)
    return again(intake)


def test_a_workbook_is_taken_in_with_units_contacts_and_sales(cast, register):
    done = take(ask(cast, workbook(客户=CUSTOMERS, 销售=SALES)))
    assert (done.state, done.done, done.total, done.faults) == ("done", 5, 5, [])
    new = Customer.objects.get(code="N1")
    assert (new.name, new.unit, new.country) == ("苏州新源", cast.east, "中国")
    assert Contact.objects.get(customer=new).phone == "13800000000"
    assert Sale.objects.get(customer=new).amount == Decimal("1200000.50")
    assert Customer.objects.get(code="C1").name == "上海海川化工(集团)"
    assert Sale.objects.get(customer__code="C2", year=2025).amount == Decimal("1234.56")
    kinds = list(Event.objects.filter(kind__startswith="customers.").order_by("pk").values_list("kind", flat=True))
    assert kinds[-2:] == ["customers.customers.registered", "customers.sales.recorded"]


def test_a_csv_of_customers_alone_is_enough(cast, p12):
    done = take(ask(cast, "customer_id,name\nA1,甲\n".encode("gb18030"), "customers.csv"))
    assert done.state == "done"
    assert Customer.objects.get().name == "甲"


def test_every_fault_is_named_and_nothing_is_taken(cast, register):
    bad_customers = [
        CUSTOMERS[0],
        ["N1", "甲", "没有的部门", "", "", "", ""],
        ["N1", "乙", "", "", "", "not an address", ""],
        ["", "丙", "", "", "", "", ""],
        ["X" * 61, "丁", "", "", "", "", ""],
    ]
    bad_sales = [SALES[0], ["N9", "球阀", 2026, 1], ["C1", "", "then", "much"], ["C1", "球阀", 2026, 10**16]]
    before = (Customer.objects.count(), Sale.objects.count(), Product.objects.count())
    refused = take(ask(cast, workbook(客户=bad_customers, 销售=bad_sales)))
    found = {(f["code"], f["row"]) for f in refused.faults}
    assert refused.state == "refused"
    assert found == {
        ("unknown_unit", 2), ("not_an_address", 3), ("missing_value", 4), ("too_long", 5),
        ("unknown_customer", 2), ("missing_value", 3), ("not_a_year", 3), ("not_a_number", 3), ("too_large", 4),
    }  # fmt: skip
    assert (Customer.objects.count(), Sale.objects.count(), Product.objects.count()) == before


def test_a_code_of_another_unit_is_a_fault(cast, register):
    Customer.objects.filter(code="C1").update(unit=cast.elsewhere)
    refused = take(ask(cast, workbook(客户=[CUSTOMERS[0], CUSTOMERS[3]])))
    assert [f["code"] for f in refused.faults] == ["of_another_unit"]


@pytest.mark.parametrize(
    ("title", "content"),
    [
        ("a.xlsx", b"\xd0\xcf\x11\xe0old"),
        ("a.xlsx", b"PK\x03\x04no"),
        ("a.csv", b"\xff\xfe\x00\x81"),
        ("a.txt", b"x"),
        ("a.csv", b""),
    ],
)
def test_what_is_no_table_is_refused_with_a_reason(cast, p12, title, content):
    refused = take(ask(cast, content, title))
    assert refused.state == "refused"
    assert refused.faults[0]["message"][0]


def test_who_has_lost_the_right_gets_a_refusal_not_a_register(cast, register):
    refused = take(ask(cast, workbook(客户=CUSTOMERS), by=cast.he))
    assert refused.state == "refused"
    assert not Customer.objects.filter(code="N1").exists()


def many(n: int) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["customer_id", "name", "contact", "email"])
    writer.writerows([f"K{i:04}", f"客户{i}", "联系人", f"k{i}@many.example"] for i in range(n))
    return out.getvalue().encode()


def test_killed_between_and_within_batches_it_takes_every_row_exactly_once(cast, p12, monkeypatch):
    """The shape of B33, small: the process dies before, inside and after a batch, and is started again each time."""
    monkeypatch.setattr(files.next_rows, "__defaults__", (10,))
    intake, rounds = ask(cast, many(45), "customers.csv"), 0
    count = intakes.count_rows
    while again(intake).running:
        rounds += 1
        if rounds % 3 == 2:  # dies after the rows were written, before the batch was counted
            monkeypatch.setattr(intakes, "count_rows", _die)
            with pytest.raises(Killed):
                intakes.advance(again(intake), at=AT)
            monkeypatch.setattr(intakes, "count_rows", count)
        else:
            intakes.advance(again(intake), at=AT)
        assert Customer.objects.count() == Contact.objects.count() == again(intake).done
        assert rounds < 20
    assert (again(intake).state, again(intake).done) == ("done", 45)
    assert Customer.objects.count() == Contact.objects.count() == 45
    batches = Event.objects.filter(kind="customers.customers.registered")
    assert sum(event.facts["rows"] for event in batches) == 45


class Killed(BaseException):
    """As sudden as a signal."""


def _die(*_):
    raise Killed


def test_two_that_take_the_same_batch_do_not_take_it_twice(cast, p12, monkeypatch):
    monkeypatch.setattr(files.next_rows, "__defaults__", (10,))
    intake = ask(cast, many(25), "customers.csv")
    intakes.advance(intake, at=AT)
    first, second = again(intake), again(intake)
    assert intakes.advance(first, at=AT)
    assert not intakes.advance(second, at=AT)  # it was overtaken, and wrote nothing
    assert again(intake).done == 10
    assert Event.objects.filter(kind="customers.customers.registered").count() == 1


def test_a_stopped_file_goes_on_where_it_was(cast, p12, monkeypatch):
    monkeypatch.setattr(files.next_rows, "__defaults__", (10,))
    intake = ask(cast, many(25), "customers.csv")
    intakes.advance(intake, at=AT)
    intakes.advance(again(intake), at=AT)
    running = again(intake)
    assert stop_intake(running)
    assert not intakes.advance(running, at=AT)  # the batch in hand is given up
    assert (again(intake).state, Customer.objects.count()) == ("stopped", 10)
    assert resume_intake(again(intake))
    assert take(again(intake)).state == "done"
    assert Customer.objects.count() == 25
