"""Every route says who may; who may not is sent away without learning anything."""

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpResponse
from django.urls import clear_url_caches, path
from django.views.decorators.cache import never_cache
from tests.conftest import AT, PASSWORD

from manyi.base.people.models import Assignment, Person
from manyi.web.access import Access, by_link, declared, needs, routes, signed_in

pytestmark = pytest.mark.usefixtures("sample_product")


def undeclared(urlconf=None):
    return [route for route, view in routes(urlconf) if declared(view) is None]


def plain(request):
    return HttpResponse("open by mistake")


urlpatterns = [path("kept/", signed_in(plain)), path("forgotten/", plain)]
"""A URLconf with a planted fault."""


def test_every_route_of_the_shell_declares_who_may(settings):
    assert undeclared() == []
    assert len(list(routes())) > 10


def test_a_forgotten_route_is_found():
    assert undeclared(__name__) == ["/forgotten/"]


def test_a_declaration_is_found_through_wrappers():
    assert declared(never_cache(signed_in(plain))) == Access("signed_in")
    assert declared(needs("dispatch.send")(plain)) == Access("needs", "dispatch.send")
    assert declared(by_link(plain)) == Access("by_link")
    assert by_link(plain).csrf_exempt
    assert not getattr(signed_in(plain), "csrf_exempt", False)


def test_reading_without_signing_in_leads_to_the_sign_in_page(client, db):
    response = client.get("/sample/?page=2")
    assert response.status_code == 302
    assert response["Location"] == "/sign-in/?next=%2Fsample%2F%3Fpage%3D2"


def test_changing_without_signing_in_is_refused(client, db):
    response = client.post("/sample/", {"customer": "x"})
    assert response.status_code == 403
    assert "没有保存" in response.content.decode()


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(client, db):
    response = client.get("/sample/", headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Redirect"]) == (403, "/sign-in/")


def test_a_missing_right_is_refused_and_a_given_one_is_not(signed_in, cast):
    assert signed_in(cast.sun).get("/manage/").status_code == 403
    assert signed_in(cast.zhang).get("/manage/").content == b"managed"


def test_a_right_that_was_withdrawn_is_gone_at_the_next_request(signed_in, cast):
    client = signed_in(cast.zhang)
    assert client.get("/manage/").status_code == 200
    Assignment.objects.filter(person=cast.zhang).delete()
    assert client.get("/manage/").status_code == 403


def test_a_disabled_person_is_out_at_the_next_request(signed_in, cast):
    client = signed_in(cast.li)
    assert client.get("/sample/").status_code == 200
    Person.objects.filter(pk=cast.li.pk).update(is_active=False)
    assert client.get("/sample/").status_code == 302


def test_foreign_and_missing_are_answered_alike(signed_in, cast):
    client = signed_in(cast.sun)
    assert client.get(f"/unit/{cast.east.pk}/").content.decode() == "华东办事处"
    foreign, missing = client.get(f"/unit/{cast.elsewhere.pk}/"), client.get("/unit/999999/")
    nowhere, huge = client.get("/no/such/page/"), client.get(f"/unit/{10**99}/")
    assert [r.status_code for r in (foreign, missing, nowhere, huge)] == [404] * 4
    assert foreign.content == missing.content == nowhere.content == huge.content


def test_a_respondent_needs_no_token_and_no_session(db, settings):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    response = client.post("/s/good", {"a": "1"})
    assert (response.status_code, response.content) == (200, b"taken")
    assert not response.cookies
    assert response["Referrer-Policy"] == "no-referrer"
    assert client.post("/sign-in/", {"username": "x"}).status_code == 403


def test_a_link_that_leads_nowhere_is_the_same_404(client, db):
    assert client.get("/s/bad").status_code == 404
    assert client.get("/s/bad").content == client.get("/nowhere").content


def test_a_respondents_page_asks_the_database_nothing_about_people(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        response = client.get("/s/good")
    assert response.status_code == 200
    assert "Cookie" not in response.get("Vary", "")


def test_signing_in_and_out(client, cast):
    assert client.get("/sign-in/").status_code == 200
    response = client.post("/sign-in/", {"username": "li", "password": PASSWORD, "next": "https://evil.example/"})
    assert (response.status_code, response["Location"]) == (302, "/duties/")
    assert client.get("/", follow=True).status_code == 200
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert client.get("/sample/").status_code == 302


def test_what_does_not_exist_is_what_django_raises():
    assert issubclass(Person.DoesNotExist, ObjectDoesNotExist)
    clear_url_caches()


def test_the_clock_of_a_page_is_read_once(signed_in, cast, monkeypatch):
    monkeypatch.setattr("manyi.web.clock.timezone.now", lambda: AT)
    assert "2026-12-01 10:00" in signed_in(cast.li).get("/sample/").content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_health_and_language_are_open(client, db, method):
    assert client.get("/healthz").content == b"ok"
    assert client.get("/language/").status_code == 405
    client.post("/language/", {"language": "en", "next": "/sign-in/"})
    assert 'lang="en"' in client.get("/sign-in/").content.decode()
