"""B48: notices to groups while the provider fails and the worker is killed: none lost, twice only where unavoidable."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from bars.bar import Bar, Outcome
from bars.site import Site, site

WORKER = """
import time
from datetime import timedelta
from django.utils import timezone
from manyi.base.notices import operations
from manyi.base.notices.models import Post
if {fault}:
    say = operations._say
    def forgetful(robot, posts, at):
        Post.objects.filter(pk__in=[post.pk for post in posts]).update(sent_at=at, lease_until=None)
        try:
            operations.say(robot.kind, robot.address, robot.secret, posts[0].text, at=at.timestamp(),
                           allowed=frozenset({{'127.0.0.1'}}))
        except operations.NotSaid:
            pass
        return len(posts)
    operations._say = forgetful
began, first = time.monotonic(), timezone.now()
while True:
    # a second here is five minutes of the notices' clock, so that waiting after failures fits into the bar
    operations.say_due_posts(at=first + timedelta(seconds=(time.monotonic() - began + {passed}) * 300))
    time.sleep(0.02)
"""
QUEUE = """
from datetime import timedelta
from django.utils import timezone
from manyi.base.notices.models import Robot, Post
from manyi.base.people.models import Unit
unit, at = Unit.objects.get(parent=None), timezone.now()
for n in range({robots}):
    robot = Robot.objects.create(unit=unit, name=f'g{{n}}', kind='wecom', address='{address}')
    Post.objects.bulk_create(Post(robot=robot, text=f'{{n}}-{{i}}', dedupe=f'{{i}}', queued_at=at, due_at=at) for i in range({posts}))
"""
LEFT = "from manyi.base.notices.models import Post\nprint(Post.objects.filter(sent_at=None).count())"
POSTS = 6  # as many as are said one by one


class _Sink:
    """A provider that fails three times in ten: refuses, is too busy, or drops the line before or after it took it."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.unanswered = 0
        chance, lock, sink = random.Random(48), threading.Lock(), self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                text = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["text"]["content"]
                with lock:
                    fate = chance.random()
                    lost = 0.2 <= fate < 0.3
                    if fate >= 0.3 or lost:
                        sink.taken[text] += 1
                    sink.unanswered += lost
                if fate < 0.1:
                    self._answer(500, {})
                elif fate < 0.15:
                    self._answer(200, {"errcode": 45009})
                elif fate < 0.3:
                    self.connection.close()
                else:
                    self._answer(200, {"errcode": 0})

            def _answer(self, status: int, said: dict[str, Any]) -> None:
                content = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_said: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def run(full: bool, fault: bool) -> Outcome:
    robots, seconds = (200, 300.0) if full else (12, 30.0)
    sink = _Sink()
    with site(served=False, MANYI_ROBOT_HOSTS="127.0.0.1") as here:
        address = f"http://127.0.0.1:{sink.server.server_port}/"
        here.run(QUEUE.format(robots=robots, posts=POSTS, address=address))
        kills = _work(here, seconds, fault)
        left = int(here.run(LEFT))
    sink.server.shutdown()
    all_posts = {f"{n}-{i}" for n in range(robots) for i in range(POSTS)}
    lost = len(all_posts - sink.taken.keys())
    twice = sum(n - 1 for n in sink.taken.values())
    excused = sink.unanswered + kills
    held = not lost and not left and twice <= excused and kills > 0
    return Outcome(
        held,
        f"{len(all_posts)} posts to {robots} groups, {kills} workers killed, {sink.unanswered} answers lost: {lost} posts lost, "
        f"{left} not marked as said, {twice} said twice ({excused} times unavoidable)",
    )


def _work(here: Site, seconds: float, fault: bool) -> int:
    """Let a worker say what waits, kill it every few seconds, and let another go on; until all is said, or the time is up."""
    began, kills = time.monotonic(), 0
    while (passed := time.monotonic() - began) < seconds:
        code = "import django; django.setup()\n" + WORKER.format(fault=fault, passed=passed)
        worker = subprocess.Popen([sys.executable, "-c", code], env=here.env(), stderr=subprocess.DEVNULL)
        time.sleep(3.5)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        kills += 1
        if kills > 2 and here.run(LEFT).strip() == "0":
            break
    return kills


BAR = Bar(
    "B48",
    "notices to groups, the provider failing and the worker killed: none lost, twice only where unavoidable",
    "marked as said before they are said",
    run,
    both=True,
)
