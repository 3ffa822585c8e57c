"""What no table can hold is refused at the door, with the same answer on both databases."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import RequestFactory

from manyi.web.boundary import MAX_BODY, MAX_FORM_VALUE, BoundaryMiddleware

pytestmark = pytest.mark.usefixtures("sample_product")

BAD_FIELDS = [{"note": "a\x00b"}, {"a\x00": "b"}, {"note": "x" * (MAX_FORM_VALUE + 1)}, {"k" * 400: "x"}]


def passed(request):
    return BoundaryMiddleware(lambda request: HttpResponse("in"))(request).status_code


@pytest.mark.parametrize("fields", BAD_FIELDS)
def test_a_form_that_cannot_be_stored_is_refused(client, db, fields):
    assert client.post("/s/good", fields).status_code == 400
    assert client.post("/sign-in/", fields).status_code == 400


@pytest.mark.parametrize(
    "address", ["/s/a%00b", "/sample/?q=%00", "/sample/?a%00=1", "/" + "x" * 1001, "/?q=" + "y" * 2001]
)
def test_an_address_that_is_no_text_is_refused(client, db, address):
    response = client.get(address)
    assert response.status_code == 400
    assert "无法理解" in response.content.decode()


@pytest.mark.parametrize("address", ["/s/%ED%A0%80", "/sample/?q=%ED%A0%80", "/sample/?q=%FF", "/?page=1e999"])
def test_broken_encodings_never_crash(client, db, address):
    assert client.get(address).status_code < 500


def test_a_cookie_with_nul_written_in_octal_is_refused(client, db):
    assert client.get("/sample/", headers={"Cookie": r'manyi="a\000b"'}).status_code == 400


def test_halves_of_characters_are_refused():
    request = RequestFactory().get("/")
    request.GET = request.GET.copy()
    request.GET["q"] = "a\ud800"
    assert passed(request) == 400


def test_a_file_name_that_is_no_text_is_refused():
    good, bad = SimpleUploadedFile("问卷.xlsx", b"x"), SimpleUploadedFile("a.xlsx", b"x")
    assert passed(RequestFactory().post("/", {"file": good})) == 200
    request = RequestFactory().post("/", {"file": bad})
    request.FILES["file"]._name = "a\x00.xlsx"
    assert passed(request) == 400


def test_a_body_that_is_too_large_is_not_read():
    request = RequestFactory().post("/", b"", content_type="text/plain", headers={"Content-Length": "1"})
    request.META["CONTENT_LENGTH"] = str(MAX_BODY + 1)
    assert passed(request) == 413


def test_ordinary_text_goes_through():
    fields = {"note": "喆镕 𬭎 😀\r\n\t" + "很好" * 1000, "page": "2"}
    assert passed(RequestFactory().post("/sample/?q=球阀", fields)) == 200
