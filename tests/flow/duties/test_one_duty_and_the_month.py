"""The page of a duty, the month, the next act on top, and the calendar link."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.conftest import AT

from manyi.base.people.models import Person
from manyi.base.people.operations import assign_role
from manyi.core.ics import read_days
from manyi.flow.duties.models import Duty, Feed
from manyi.flow.duties.operations import apply_events, give_warnings, open_ahead
from manyi.flow.duties.places import place_of

pytestmark = pytest.mark.django_db
NEXT = AT + timedelta(days=1)


@pytest.fixture
def owed(in_force, cast, time_machine):
    time_machine.move_to(NEXT)
    in_force()
    open_ahead(at=NEXT)
    return {duty.rule: duty for duty in Duty.objects.order_by("-due_at", "-pk")}


def html_of(client, name, *args, **query):
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_says_every_line_of_why_and_who_is_warned_when(owed, cast, signed_in):
    html = html_of(signed_in(cast.zhao), "duties:duty", owed["monthly_note.write"].pk)
    for line in owed["monthly_note.write"].why:
        assert line["zh"] in html
    assert "逾期上报" in html
    assert "总经理" in html


def test_nobody_of_another_company_learns_of_it(owed, cast, signed_in):
    client = signed_in(cast.qian)
    there, missing = (client.get(reverse("duties:duty", args=[pk])) for pk in (owed["duties.keep"].pk, 987654))
    assert there.status_code == missing.status_code == 404
    assert there.content == missing.content


def test_a_file_is_handed_in_on_the_page(owed, cast, signed_in):
    duty = owed["duties.keep"]
    page = reverse("duties:duty", args=[duty.pk])
    client = signed_in(cast.li)
    assert place_of(duty) == page
    said = {"note": "已修订", "done_on": "2026-12-02"}
    assert client.post(page, {**said, "file": SimpleUploadedFile("x.pdf", b"")}).status_code == 200
    assert client.post(page, said).status_code == 200
    assert client.post(
        page, {**said, "done_on": "2027-01-02", "file": SimpleUploadedFile("x.pdf", b"x")}
    ).status_code in (409, 422)
    duty.refresh_from_db()
    assert duty.state == "open"
    assert client.post(page, {**said, "file": SimpleUploadedFile("x.pdf", b"%PDF")}).status_code == 302
    duty.refresh_from_db()
    assert duty.state == "discharged"
    assert "<form" not in html_of(client, "duties:duty", duty.pk).partition("<main")[2]


def test_who_does_not_owe_it_gets_no_form_and_is_refused(owed, cast, signed_in):
    page = reverse("duties:duty", args=[owed["duties.keep"].pk])
    client = signed_in(cast.zhao)
    assert "<form" not in client.get(page).content.decode().partition("<main")[2]
    client.post(page, {"note": "x", "done_on": "2026-12-02", "file": SimpleUploadedFile("x.pdf", b"%PDF")})
    assert Duty.objects.get(pk=owed["duties.keep"].pk).state == "open"


def test_the_next_act_stands_on_top_and_a_role_can_be_chosen(owed, cast, signed_in):
    client = signed_in(cast.zhao)
    assign_role(by=cast.zhang, at=AT, person=cast.zhao, role="quality_assurance", unit=cast.company, from_on=AT.date())
    html = html_of(client, "duties:mine").partition("<main")[2]
    mine = Duty.objects.filter(role__in=("sales_company", "quality_assurance"))
    first = min(mine, key=lambda duty: (duty.due_at, duty.pk))
    top = html[html.index("下一项") :]
    assert top.index(first.title_zh) < top.index("</section>")
    assert "修订程序" in html
    only = html_of(client, "duties:mine", role="sales_company").partition("<main")[2]
    assert "修订程序" not in only
    assert "月度小结" in only
    assert "修订程序" in html_of(client, "duties:mine", role="nobody")


def test_what_is_brought_to_somebody_is_seen_by_the_person_it_was_brought_to(owed, cast, signed_in, time_machine):
    duty = Duty.objects.get(rule="monthly_note.write", unit=cast.east, period="2026-11")
    time_machine.move_to(duty.due_at + timedelta(days=2))
    give_warnings(at=duty.due_at + timedelta(days=2))
    told = "他处逾期、上报给您的事项"
    assert told in html_of(signed_in(cast.wang), "duties:mine")
    assert told not in html_of(signed_in(cast.li), "duties:mine")


def test_the_month_shows_ones_own_on_its_day(owed, cast, signed_in):
    html = html_of(signed_in(cast.zhao), "duties:month", month="2026-12")
    day = html.index('datetime="2026-12-08"')
    assert html.index("月度小结", day) < html.index('datetime="2026-12-09"')
    for odd in ("", "2026-13", "9999-12", "0000-01", "<script>", "2026"):
        html_of(signed_in(cast.zhao), "duties:month", month=odd)


def test_what_an_event_called_for_leads_to_where_it_begins(in_force, happens, cast):
    in_force()
    happens("records.record.closed", kind="complaint", loss=2000)
    apply_events(at=AT)
    duty = Duty.objects.get(rule="visit.go")
    assert place_of(duty).endswith(f"?duty={duty.pk}")
    assert "visit" in place_of(duty)
    duty.subject = "records.record:7"
    assert place_of(duty) == reverse("records:record", args=[7])


# ---- the calendar link ------------------------------------------------------------------------


@pytest.fixture
def link(owed, cast, signed_in):
    client = signed_in(cast.zhao)
    client.post(reverse("duties:feed"), {"make": "1"})
    return html_of(client, "duties:feed").partition('value="http')[2].partition('"')[0].partition("/duties/")[2]


def test_whoever_has_the_link_sees_the_titles_and_days(link, cast):
    answer = Client().get(f"/duties/{link}")
    assert answer["Content-Type"].startswith("text/calendar")
    text = answer.content.decode()
    assert {days.first.isoformat() for days in read_days(text)} >= {"2026-12-08"}
    assert "月度小结" in text.replace("\r\n ", "")
    assert not answer.cookies


def test_a_revoked_renewed_or_guessed_link_leads_nowhere(link, cast, signed_in):
    client, anyone = signed_in(cast.zhao), Client()
    for guess in ("feed/x.ics", f"feed/{'0' * 32}:{'x' * 43}.ics", link.replace("feed/", "feed/0")):
        assert anyone.get(f"/duties/{guess}").status_code == 404
    client.post(reverse("duties:feed"), {"make": "1"})
    assert anyone.get(f"/duties/{link}").status_code == 404
    key = Feed.objects.get().key
    client.post(reverse("duties:feed"), {"revoke": "1"})
    assert key
    assert not Feed.objects.exists()
    assert anyone.post(f"/duties/{link}").status_code in (403, 405)


def test_the_link_of_somebody_who_left_leads_nowhere(link, cast):
    Person.objects.filter(pk=cast.zhao.pk).update(is_active=False)
    assert Client().get(f"/duties/{link}").status_code == 404


def test_the_pages_ask_the_same_for_many(owed, cast, signed_in, django_assert_max_num_queries):
    client, first = signed_in(cast.zhao), owed["monthly_note.write"]
    counts = []
    for many in (5, 40):
        for n in range(Duty.objects.count(), many):
            Duty.objects.create(
                rule=first.rule, title_zh="事项", title_en="Thing", clause="2", revision=first.revision, unit=first.unit,
                role=first.role, subject=f"x:{n}", period="", opened_at=AT, due_at=first.due_at, why=[],
            )  # fmt: skip
        for name, args in (("mine", []), ("month", []), ("duty", [first.pk])):
            with django_assert_max_num_queries(35) as asked:
                html_of(client, f"duties:{name}", *args)
            counts.append(len(asked))
    assert counts[:3] == counts[3:]
