"""What a person sees when an operation says no."""

import pytest

pytestmark = pytest.mark.usefixtures("sample_product")


def test_a_refused_change_leads_back_with_the_message(signed_in, cast):
    client = signed_in(cast.li)
    response = client.post("/refuse/", headers={"Referer": "http://testserver/sample/?page=2"})
    assert (response.status_code, response["Location"]) == (302, "http://testserver/sample/?page=2")
    page = client.get("/sample/").content.decode()
    assert "该调查已结束" in page
    assert 'role="alert"' in page


def test_the_message_is_in_the_readers_language(signed_in, cast):
    client = signed_in(cast.li)
    client.post("/refuse/?lang=en", headers={"Referer": "http://testserver/sample/"})
    assert "The wave is closed" in client.get("/sample/?lang=en").content.decode()


@pytest.mark.parametrize("referer", ["", "https://evil.example/sample/", "javascript:alert(1)"])
def test_without_a_page_of_ours_to_go_back_to_it_says_so_itself(signed_in, cast, referer):
    response = signed_in(cast.li).post("/refuse/", headers={"Referer": referer})
    assert response.status_code == 409
    assert "该调查已结束" in response.content.decode()
    assert "The wave is closed" in response.content.decode()


def test_a_part_of_a_page_is_told_to_load_the_page_anew(signed_in, cast):
    headers = {"Referer": "http://testserver/sample/", "HX-Request": "true"}
    response = signed_in(cast.li).post("/refuse/", headers=headers)
    assert response["HX-Redirect"] == "http://testserver/sample/"


def test_a_missing_right_says_where_it_is_missing(signed_in, cast):
    response = signed_in(cast.li).post("/may-not/", headers={"Referer": "http://testserver/sample/"})
    assert response.status_code == 403
    assert "品保部" in response.content.decode()


def test_faults_are_listed_with_their_place_and_what_to_do(signed_in, cast):
    response = signed_in(cast.li).post("/faulty/")
    page = response.content.decode()
    assert response.status_code == 422
    for told in ("sales", "7", "amount", "金额“abc”不是数字", "填写数字"):
        assert told in page


def test_a_long_list_of_faults_is_cut_and_counted(signed_in, cast):
    page = signed_in(cast.li).get("/faulty/?n=1000&lang=en").content.decode()
    assert page.count("write a number") == 200
    assert "800 more faults" in page


def test_a_respondent_is_told_without_a_session(client, db):
    response = client.post("/refused-by-link/")
    assert response.status_code == 409
    assert "已经收到" in response.content.decode()
    assert not response.cookies


def test_a_crash_is_a_page_in_both_languages_that_tells_nothing_of_the_inside(client, settings):
    client.raise_request_exception = False
    response = client.get("/broken/")
    page = response.content.decode()
    assert response.status_code == 500
    assert "系统出错了" in page
    assert "Something went wrong" in page
    assert "RuntimeError" not in page


def test_error_pages_appear_before_static_files_were_gathered(client, db, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    response = client.get("/nowhere")
    assert response.status_code == 404
    assert "没有这个页面" in response.content.decode()
