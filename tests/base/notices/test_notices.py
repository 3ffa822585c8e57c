"""Notices: told once, as each wants it; robots say what is due in their unit, guarded, and never too often."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from datetime import datetime, time, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from tests.conftest import AT

from manyi.base.evidence.models import Value
from manyi.base.notices.models import Notice, Post, Robot
from manyi.base.notices.operations import (
    MOST_A_MINUTE,
    CannotTell,
    News,
    add_robot,
    mail_at,
    say_due_posts,
    send_digests,
    set_wish,
    switch_robot,
    tell,
)
from manyi.base.notices.robots import NotSaid, check_address, plain_line
from manyi.base.outbox.models import Mail
from manyi.base.people.access import MayNot
from manyi.base.people.models import Person
from manyi.core.text import Text

pytestmark = pytest.mark.django_db


def news(n=1, **said):
    values = {
        "title": Text("即将到期：答复", "Due soon: answer"),
        "link": "/duties/1/",
        "body": "body",
        "dedupe": f"t:{n}",
    }
    return News(**{**values, **said})


@pytest.fixture
def zhao(cast):
    Person.objects.filter(pk=cast.zhao.pk).update(email="zhao@manyi.example")
    cast.zhao.refresh_from_db()
    return cast.zhao


@pytest.fixture
def group(settings):
    """A robot's server on loopback: what it was sent, and what it answers next."""
    settings.MANYI_ROBOT_HOSTS = frozenset({"127.0.0.1"})

    class Group(BaseHTTPRequestHandler):
        told: list = []
        answers: list = []

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            type(self).told.append((self.path, body))
            status, said = type(self).answers.pop(0) if type(self).answers else (200, {"errcode": 0})
            content = json.dumps(said).encode()
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "http://127.0.0.1:1/")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_said):
            pass

    Group.told, Group.answers = [], []
    server = HTTPServer(("127.0.0.1", 0), Group)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    Group.url = f"http://127.0.0.1:{server.server_port}/robot?key=k"
    yield Group
    server.shutdown()


@pytest.fixture
def robot(cast, group):
    def make(kind="wecom", unit=None, secret=""):
        return add_robot(
            by=cast.zhang, at=AT, unit=unit or cast.company, name="群", kind=kind, address=group.url, secret=secret
        )

    return make


def test_everybody_is_told_once_in_the_product_and_by_mail(zhao, cast):
    for _ in range(2):
        assert tell(news(), people=[zhao, cast.li, zhao], at=AT) == 2
    assert Notice.objects.count() == 2
    assert Mail.objects.filter(to="zhao@manyi.example").count() == 1


@pytest.mark.parametrize(
    ("quiet", "now", "then"),
    [
        ((time(22), time(7)), "23:10", "+1 07:00"), ((time(22), time(7)), "06:59", "07:00"),
        ((time(22), time(7)), "07:00", "07:00"), ((time(12), time(13)), "12:30", "13:00"),
        ((time(12), time(13)), "13:30", "13:30"), (None, "03:00", "03:00"),
    ],
)  # fmt: skip
def test_quiet_hours_hold_a_mail_back_and_lose_nothing(zhao, quiet, now, then):
    from django.utils import timezone

    wish = set_wish(by=zhao, at=AT, mail="at_once", daily_at=time(8), quiet=quiet)
    day = timezone.localtime(AT)
    at = day.replace(hour=int(now[:2]), minute=int(now[3:]), second=0)
    plus, _, clock = then.rpartition(" ")
    wanted = day.replace(hour=int(clock[:2]), minute=int(clock[3:]), second=0) + timedelta(days=bool(plus))
    assert mail_at(wish, at, urgent=False) == wanted
    assert mail_at(wish, at, urgent=True) == at  # what is urgent passes
    tell(news(), people=[zhao], at=at)
    assert Mail.objects.get().due_at == wanted
    assert Notice.objects.get().at == at


def test_one_mail_a_day_holds_everything_and_goes_out_once(zhao):
    set_wish(by=zhao, at=AT, mail="daily", daily_at=time(8, 30), quiet=None)
    for n in range(3):
        tell(news(n), people=[zhao], at=AT)
    tell(news("urgent", urgent=True), people=[zhao], at=AT)
    assert Mail.objects.count() == 1  # only what was urgent
    morning = datetime.combine((AT + timedelta(days=1)).date(), time(1, 0), tzinfo=AT.tzinfo)  # nine in Shanghai
    assert send_digests(at=morning - timedelta(hours=1)) == 0
    assert send_digests(at=morning) == 1
    assert send_digests(at=morning + timedelta(minutes=1)) == 0
    digest = Mail.objects.get(dedupe__startswith="digest:")
    assert digest.body.count("/duties/1/") == 4
    tell(news("later"), people=[zhao], at=morning + timedelta(hours=1))
    assert send_digests(at=morning + timedelta(hours=2)) == 0  # tomorrow
    assert send_digests(at=morning + timedelta(days=1)) == 1


def test_a_robot_tells_what_concerns_its_unit(robot, group, cast):
    robot(unit=cast.sales)
    tell(news(1), people=[], at=AT, unit=cast.east)
    tell(news(2), people=[], at=AT, unit=cast.quality)
    assert say_due_posts(at=AT) == 1
    [(path, body)] = group.told
    assert path == "/robot?key=k"
    assert body == {"msgtype": "text", "text": {"content": "即将到期：答复 http://127.0.0.1:8000/duties/1/"}}
    assert say_due_posts(at=AT + timedelta(hours=1)) == 0  # said once


def test_dingtalk_and_feishu_are_signed_as_they_want_it(robot, group, cast):
    robot("dingtalk", secret="SEC1")
    group.answers[:] = [(200, {"errcode": 0}), (200, {"code": 0})]
    tell(news(1), people=[], at=AT, unit=cast.company)
    assert say_due_posts(at=AT) == 1
    query = parse_qs(urlsplit(group.told[0][0]).query)
    stamp = str(int(AT.timestamp()) * 1000)
    wanted = base64.b64encode(hmac.new(b"SEC1", f"{stamp}\nSEC1".encode(), hashlib.sha256).digest()).decode()
    assert (query["timestamp"], query["sign"], query["key"]) == ([stamp], [wanted], ["k"])
    Robot.objects.all().delete()
    robot("feishu", secret="SEC2")
    tell(news(2), people=[], at=AT, unit=cast.company)
    assert say_due_posts(at=AT) == 1
    body = group.told[1][1]
    stamp = str(int(AT.timestamp()))
    wanted = base64.b64encode(hmac.new(f"{stamp}\nSEC2".encode(), b"", hashlib.sha256).digest()).decode()
    assert (body["timestamp"], body["sign"], body["msg_type"]) == (stamp, wanted, "text")


@pytest.mark.parametrize("answer", [(500, {}), (200, {"errcode": 45009}), (302, {}), (200, []), (429, {"errcode": 0})])
def test_what_a_robot_does_not_take_is_said_again_later(robot, group, cast, answer):
    robot()
    tell(news(1), people=[], at=AT, unit=cast.company)
    group.answers[:] = [answer]
    assert say_due_posts(at=AT) == 0
    post = Post.objects.get()
    assert post.error
    assert post.due_at > AT
    assert say_due_posts(at=AT) == 0
    assert say_due_posts(at=post.due_at) == 1
    assert Post.objects.get().error == ""


def test_never_more_than_a_robot_bears_and_many_go_into_one(robot, group, cast):
    robot()
    for n in range(100):
        tell(news(n), people=[], at=AT, unit=cast.company)
    assert say_due_posts(at=AT) == 100
    assert len(group.told) == 1
    assert "100" in group.told[0][1]["text"]["content"]
    said = []
    for n in range(120):  # several notices a second for two minutes
        at = AT + timedelta(minutes=5, seconds=n)
        for i in range(4):
            tell(news(f"x{n}-{i}"), people=[], at=at, unit=cast.company)
        before = len(group.told)
        group.answers[:] = [(500, {})] if n % 3 == 0 else []  # what is refused was asked as well
        say_due_posts(at=at)
        said += [at] * (len(group.told) - before)
    for at in said:
        assert sum(at <= other < at + timedelta(minutes=1) for other in said) <= MOST_A_MINUTE
    assert len(said) >= 30


def test_a_link_is_left_as_it_is(robot, group, cast, settings):
    settings.MANYI_URL = "https://my_host.example/~manyi"
    robot()
    tell(news(1, title=Text("甲_乙", "x")), people=[], at=AT, unit=cast.company)
    say_due_posts(at=AT)
    assert group.told[0][1]["text"]["content"] == "甲 乙 https://my_host.example/~manyi/duties/1/"


def test_an_outage_of_hours_loses_nothing_and_what_is_given_up_is_shown(robot, group, cast, signed_in):
    robot()
    tell(news(1), people=[], at=AT, unit=cast.company)
    at = AT
    while at < AT + timedelta(hours=6):
        group.answers[:] = [(500, {})] * 5
        say_due_posts(at=at)
        at += timedelta(minutes=1)
    group.answers[:] = []
    assert sum(say_due_posts(at=at + timedelta(minutes=n)) for n in range(65)) == 1
    tell(news(2), people=[], at=AT, unit=cast.company)
    Post.objects.filter(sent_at=None).update(tries=60)
    page = signed_in(cast.zhang).get(reverse("notices:robots"), {"lang": "en"}).content.decode()
    assert "given up" in page
    assert signed_in(cast.zhang).post(reverse("notices:again")).status_code == 302
    assert say_due_posts(at=at + timedelta(days=400)) == 1
    assert signed_in(cast.zhao).post(reverse("notices:again")).status_code == 403


def test_hostile_words_call_nobody(robot, group, cast):
    robot()
    title = Text("投诉 <@all>\n@所有人 [点我](http://evil.example) `x`", "x")
    tell(news(1, title=title), people=[], at=AT, unit=cast.company)
    say_due_posts(at=AT)
    said = group.told[0][1]["text"]["content"]
    assert not set("@<>[]`\n") & set(said)
    assert plain_line("a" * 999) == "a" * 500


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com/", "https://127.0.0.1/", "https://localhost/", "https://[::1]/", "https://10.0.0.1/",
        "https://169.254.169.254/", "https://[::ffff:127.0.0.1]/", "https://2130706433/", "https://0x7f000001/",
        "https://user@example.com/", "file:///etc/passwd", "https:///x", "ftp://x/",
    ],
)  # fmt: skip
def test_an_address_inside_the_house_is_refused(cast, address):
    with pytest.raises(NotSaid):
        check_address(address, frozenset())
    with pytest.raises(CannotTell):
        add_robot(by=cast.zhang, at=AT, unit=cast.company, name="x", kind="wecom", address=address, secret="")


def test_only_who_administers_enters_robots_and_secrets_are_not_shown(robot, group, cast, signed_in):
    one = robot(secret="TOPSECRET")
    html = signed_in(cast.zhang).get(reverse("notices:robots")).content.decode()
    assert "群" in html
    assert "TOPSECRET" not in html
    assert "key=k" not in html
    assert not Value.objects.filter(content__contains="TOPSECRET").exists()
    assert signed_in(cast.zhao).get(reverse("notices:robots")).status_code == 403
    with pytest.raises(MayNot):
        switch_robot(by=cast.zhao, at=AT, robot=one, is_on=False)
    signed_in(cast.zhang).post(reverse("notices:switch", args=[one.pk]))
    tell(news(1), people=[], at=AT, unit=cast.company)
    assert say_due_posts(at=AT) == 0


def test_the_page_shows_what_is_new_and_takes_wishes(zhao, signed_in):
    tell(news(1), people=[zhao], at=AT)
    client = signed_in(zhao)
    assert "Notices 1" in client.get(reverse("duties:mine"), {"lang": "en"}).content.decode()
    assert "即将到期" in client.get(reverse("notices:list"), {"lang": "zh"}).content.decode()
    said = {"mail": "daily", "daily_at": "09:00", "quiet_from": "22:00", "quiet_to": "07:00"}
    assert client.post(reverse("notices:list"), said).status_code == 302
    assert client.post(reverse("notices:list"), {**said, "quiet_to": ""}).status_code == 422
    assert client.post(reverse("notices:list"), {**said, "mail": "carrier pigeon"}).status_code == 422
    client.post(reverse("notices:read"))
    assert "Notices 1" not in client.get(reverse("duties:mine"), {"lang": "en"}).content.decode()
