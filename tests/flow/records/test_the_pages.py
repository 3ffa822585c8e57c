"""The pages of records: registers, one form and one save, the next act on top, papers; for whom they are."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document as Word
from tests.conftest import AT

from manyi.base.customers.models import Product
from manyi.flow.duties.models import Duty
from manyi.flow.records.models import Record, SavedView

pytestmark = pytest.mark.django_db
LATE = {"customer": "C1", "kind": "late", "description": "晚了三天"}


@pytest.fixture(autouse=True)
def _today(register, time_machine):
    time_machine.move_to(AT + timedelta(hours=1))


@pytest.fixture
def page(signed_in, people):
    def get(who, name, *args, status=200, **query):
        response = signed_in(people[who]).get(reverse(name, args=args), query)
        assert response.status_code == status, response.content.decode()[:2000]
        return response.content.decode()

    return get


@pytest.fixture
def send(signed_in, people):
    def post(who, route, /, *args, **data):
        return signed_in(people[who]).post(reverse(route, args=args), data)

    return post


def test_the_registers_show_what_is_open_and_let_who_may_begin(page, open_):
    open_("complaint", "zhao", LATE)
    html = page("zhao", "records:list")
    assert "投诉处理表" in html
    assert reverse("records:start", args=["PX.complaint"]) in html
    assert reverse("records:start", args=["PX.plan"]) not in html
    assert "投诉处理表" not in page("qian", "records:list")


def test_a_complaint_is_registered_with_few_fields_and_one_save(page, send, px, cast):
    html = page("zhao", "records:start", "complaint")
    assert html.count("form-label required") <= 6
    said = {
        "unit": cast.company.pk,
        "f_customer": "C1 · 上海海川化工",
        "f_kind": "late",
        "f_description": "<b>晚了</b>",
        "channel": "phone",
    }
    response = send("zhao", "records:start", "complaint", **said)
    record = Record.objects.get()
    assert response.url == reverse("records:record", args=[record.pk])
    assert (record.number, record.channel, record.customer.code) == ("C-2026-001", "phone", "C1")
    html = page("he", "records:record", record.pk)
    assert "&lt;b&gt;晚了&lt;/b&gt;" in html
    assert "<b>晚了" not in html


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(send, cast, px):
    said = {
        "unit": cast.company.pk,
        "f_customer": "Nobody",
        "f_kind": "late",
        "f_description": "晚了",
        "f_loss_0": "12",
        "f_loss_1": "XXX",
    }
    response = send("zhao", "records:start", "complaint", **said)
    html = response.content.decode()
    assert response.status_code == 200
    assert "没有找到“Nobody”" in html
    assert "晚了" in html
    assert Record.objects.count() == 0


def test_the_next_act_is_on_top_for_whom_it_is(page, open_):
    record = open_("complaint", "zhao", LATE)
    html = page("chen", "records:record", record.pk)
    assert reverse("records:step", args=[record.pk, "handle"]) in html
    assert html.index("处理并答复") < html.index("历史")
    assert "2026-12-01 18:00" in html
    for other in ("zhao", "wu", "he"):
        html = page(other, "records:record", record.pk)
        assert reverse("records:step", args=[record.pk, "handle"]) not in html
        assert "客服" in html
    page("qian", "records:record", record.pk, status=404)


def test_a_step_is_taken_on_the_page_and_an_outcome_is_one_button(page, send, open_):
    record = open_("complaint", "zhao", LATE)
    refused = send("chen", "records:step", record.pk, "handle", f_result="已补发")
    assert refused.status_code == 422
    assert "缺少证据" in refused.content.decode()
    assert "已补发" in refused.content.decode()
    file = SimpleUploadedFile("答复.pdf", b"%PDF-1.4")
    done = send("chen", "records:step", record.pk, "handle", f_result="已补发", proof_answer_file=file)
    assert done.status_code == 302
    html = page("zhao", "records:record", record.pk)
    assert 'name="outcome" value="content"' in html
    assert "答复.pdf" in html
    assert send("zhao", "records:step", record.pk, "ask_back", outcome="content").status_code == 302
    assert "已归档" in page("li", "records:record", record.pk) or "待归档" in page("li", "records:record", record.pk)


@pytest.mark.parametrize(("who", "status"), [("zhao", 403), ("qian", 404)])
def test_a_step_by_the_wrong_person_is_refused(send, open_, who, status):
    record = open_("complaint", "zhao", LATE)
    response = send(who, "records:step", record.pk, "handle", f_result="x", proof_answer="y")
    assert response.status_code == status
    record.refresh_from_db()
    assert "result" not in record.data


def test_an_unknown_outcome_step_or_field_gives_a_clear_answer(send, open_):
    record = open_("complaint", "zhao", LATE)
    assert send("chen", "records:step", record.pk, "ghost").status_code == 404
    said = {"f_result": "x", "proof_answer": "y", "outcome": "ghost"}
    response = send("chen", "records:step", record.pk, "handle", **said)
    assert response.status_code == 422
    assert "没有这种结果" in response.content.decode()
    empty = send(
        "chen", "records:step", record.pk, "handle", f_result="x", proof_answer_file=SimpleUploadedFile("a.pdf", b"")
    )
    assert "0 字节" in empty.content.decode()


def test_a_duty_leads_to_the_form_and_is_discharged_by_it(page, send, open_, take, people):
    complaint = open_("complaint", "zhao", LATE)
    take(complaint, "handle", "chen", {"result": "x"}, proofs={"answer": "x"})
    take(complaint, "ask_back", "zhao", outcome="not_content", hours=1)
    duty = Duty.objects.get(rule="plan.draw")
    url = reverse("records:start", args=["plan"])
    html = page("wu", "records:start", "plan", duty=str(duty.pk))
    assert "期限" in html
    rows = {
        "f_measures-0-what": "换料",
        "f_measures-0-who": people["wu"].pk,
        "f_measures-0-due": "2026-12-09",
        "f_cause": "x",
    }
    from django.test import Client

    client = Client()
    client.force_login(people["wu"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(f"{url}?duty={duty.pk}", rows).status_code == 302
    duty.refresh_from_db()
    assert duty.state == "discharged"
    assert Record.objects.get(kind="plan").rows.count() == 1


def test_the_list_filters_sorts_counts_and_exports(page, signed_in, people, open_, cast):
    for n in range(4):
        open_(
            "complaint",
            "zhao",
            {**LATE, "customer": f"C{n + 1}", "kind": "late" if n % 2 else "broken", "loss": f"{n}.50 CNY"},
        )
    html = page("he", "records:kind", "complaint", f_kind="broken", sort="-loss")
    assert html.index("C-2026-003") < html.index("C-2026-001")
    assert "C-2026-002" not in html
    assert "C-2026-002" in page("he", "records:kind", "complaint", q="宁波")
    assert "C-2026-001" not in page("he", "records:kind", "complaint", state="closed")
    assert "C-2026-001" in page("he", "records:kind", "complaint", sort="'; DROP TABLE x", unit="", first="nonsense")
    response = signed_in(people["he"]).get(reverse("records:export", args=["PX.complaint"]))
    assert response.content[:2] == b"PK"
    sheet = _rows(response.content)
    assert sheet[0][:3] == ["编号", "类别", "损失"]
    assert sorted(row[2] for row in sheet[1:]) == [0.5, 1.5, 2.5, 3.5]


def _rows(content):
    from python_calamine import CalamineWorkbook

    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()


def test_a_view_is_saved_for_oneself(page, send, px):
    assert (
        send("he", "records:save_view", "complaint", name="逾期投诉", query="state=overdue&sort=due_at").status_code
        == 302
    )
    assert "逾期投诉" in page("he", "records:kind", "complaint")
    assert "逾期投诉" not in page("zhao", "records:kind", "complaint")
    view = SavedView.objects.get()
    send("zhao", "records:drop_view", "complaint", view.pk)
    assert SavedView.objects.filter(pk=view.pk).exists()  # somebody else's view stays
    assert send("he", "records:drop_view", "complaint", view.pk).status_code == 302
    assert SavedView.objects.count() == 0


def test_the_paper_has_the_forms_code_number_and_signatures(page, signed_in, people, open_):
    record = open_("complaint", "zhao", LATE)
    html = page("he", "records:print", record.pk)
    for said in ("QR-01", "C-2026-001", "晚了三天", "登记", "赵磊"):
        assert said in html
    word = signed_in(people["he"]).get(reverse("records:word", args=[record.pk]))
    text = "\n".join(
        cell.text for table in Word(BytesIO(word.content)).tables for row in table.rows for cell in row.cells
    )
    assert "晚了三天" in text
    assert "赵磊" in text


def test_a_lookup_offers_only_what_the_person_sees(page, signed_in, people):
    assert "C1 · 上海海川化工" in page("sun", "records:find", of="customer", q="海川")
    assert "C3" not in page("sun", "records:find", of="customer", q="C3")
    assert page("zhao", "records:find", of="nonsense", q="'").strip() == ""


def test_what_happened_is_recorded_on_its_page(send, page, px, cast):
    assert "delivery.accepted" in page("zhao", "records:happening")
    page("he", "records:happening", status=403)
    said = {"name": "delivery.accepted", "unit": cast.company.pk, "customer": "C1 · 上海海川化工"}
    assert send("zhao", "records:happening", **said).status_code == 302
    response = send("zhao", "records:happening", **{**said, "customer": "ghost"})
    assert "没有这个顾客" in response.content.decode()


def test_the_record_of_the_shipped_procedure_goes_its_way_too(send, page, cast, p12):
    said = {
        "unit": cast.company.pk,
        "f_customer": "C3",
        "f_product": Product.objects.first().pk,
        "f_kind": "product_nonconformity",
        "f_description": "漏水",
    }
    assert send("zhao", "records:start", "P12.quality_information", **said).status_code == 302
    record = Record.objects.get()
    assert record.number == "P12-F-2026-001"
    assert Duty.objects.get(rule="quality_information.handle").role == "customer_service"
    assert "漏水" in page("he", "records:record", record.pk)


def test_the_pages_ask_the_database_the_same_for_many_records(signed_in, people, open_, django_assert_max_num_queries):
    client, counts = signed_in(people["he"]), []
    for many in (2, 12):
        while Record.objects.count() < many:
            open_("complaint", "zhao", LATE)
        for url in (reverse("records:list"), reverse("records:kind", args=["complaint"])):
            with django_assert_max_num_queries(40) as captured:
                client.get(url)
            counts.append(len(captured))
    assert counts[:2] == counts[2:]
