"""Pages for what went wrong. They need no database, no session and no signed-in person, and speak both languages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.templatetags.static import static

from manyi.core.text import Text

HOME = Text("回到首页", "To the start page")
BAD = Text("无法理解这次请求", "This request could not be understood")
BAD_TOLD = Text(
    "内容里有无法保存的字符，或者太长。请返回上一页，改正后再提交。",
    "It holds characters that cannot be stored, or is too long. Please go back, correct it and send it again.",
)
FORBIDDEN = Text("您没有这项权限", "You have no right to do this")
FORBIDDEN_TOLD = Text(
    "如果工作需要，请联系系统管理员为您分配相应的角色。",
    "If your work needs it, ask whoever keeps the installation to give you the role.",
)
SIGNED_OUT = Text("您尚未登录，或登录已过期", "You are not signed in, or no longer")
SIGNED_OUT_TOLD = Text(
    "本次提交没有保存。请在另一个窗口登录，然后回到上一页重新提交。",
    "Nothing was saved. Please sign in in another window, then go back and send it again.",
)
FORGED = Text("这次提交无法核实", "This submission could not be verified")
FORGED_TOLD = Text(
    "页面可能已经过期，或者浏览器没有接受 Cookie。请刷新页面后重新提交。",
    "The page may be out of date, or the browser takes no cookies. Please reload the page and send it again.",
)
NOT_FOUND = Text("没有这个页面", "There is no such page")
NOT_FOUND_TOLD = Text(
    "地址可能不完整，或者内容已不再开放。", "The address may be incomplete, or what it led to is closed now."
)
BROKEN = Text("系统出错了", "Something went wrong here")
BROKEN_TOLD = Text(
    "错误已记录。请稍后再试；如果仍然出错，请告诉系统管理员。",
    "The fault has been logged. Please try again later; if it happens again, tell whoever keeps the installation.",
)


def page(status: int, title: Text, told: Text) -> HttpResponse:
    """One of the error pages."""
    words = {"status": status, "title": title, "told": told, "home": HOME, "css": _css()}
    return HttpResponse(get_template("error.html").render(words), status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what came in cannot be taken at all."""
    return page(400, BAD, BAD_TOLD)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: the person has no right."""
    return page(403, FORBIDDEN, FORBIDDEN_TOLD)


def signed_out(request: HttpRequest) -> HttpResponse:
    """403: a change by somebody who is not signed in."""
    return page(403, SIGNED_OUT, SIGNED_OUT_TOLD)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form without its token; ``CSRF_FAILURE_VIEW``."""
    return page(403, FORGED, FORGED_TOLD)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: missing, or not for this person's eyes; the page does not say which."""
    return page(404, NOT_FOUND, NOT_FOUND_TOLD)


def broken(request: HttpRequest) -> HttpResponse:
    """500: our fault."""
    return page(500, BROKEN, BROKEN_TOLD)


def _css() -> str:
    try:
        return static("respond.css")
    except ValueError:  # static files were not gathered yet; the page has to appear all the same
        return ""
