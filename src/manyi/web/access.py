"""Every route says who may use it. Here it is only declared and asked for coarsely; the operation behind decides.

``signed_in`` any active person · ``needs(verb)`` a person who may do ``verb`` in some unit · ``by_link`` the holder of
an unguessable link, which is the whole authority: no session, no cookie, no CSRF token · ``open_to_all`` everybody.
A test walks the URLconf and fails on a route that declares nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial, wraps
from typing import Any, Concatenate, Literal, ParamSpec, cast

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.http import urlencode
from django.views.decorators.csrf import csrf_exempt

from manyi.base.people.access import CannotDo, verbs_of
from manyi.base.people.models import Person
from manyi.core.errors import Faults, Refusal
from manyi.web import errors, refusals

P = ParamSpec("P")
Kind = Literal["signed_in", "needs", "by_link", "open_to_all"]


class PageRequest(HttpRequest):
    """A request as a guarded view sees it: somebody is signed in, and the clock has been read once."""

    user: Person
    at: datetime


Page = Callable[Concatenate[PageRequest, P], HttpResponseBase]
Route = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Access:
    """Who may use a route; ``verb`` only where the kind is ``needs``."""

    kind: Kind
    verb: str = ""


def signed_in(view: Page[P]) -> Route[P]:
    """Any person who is signed in and active."""
    return _declare(Access("signed_in"), view)


def needs(verb: str) -> Callable[[Page[P]], Route[P]]:
    """A person who may do ``verb`` in some unit; in which, the operation decides."""

    def decorate(view: Page[P]) -> Route[P]:
        return _declare(Access("needs", verb), view)

    return decorate


def by_link(view: Page[P]) -> Route[P]:
    """Whoever holds the link."""
    return csrf_exempt(_declare(Access("by_link"), view))


def read_by_link(view: Page[P]) -> Route[P]:
    """Whoever holds the link, to read only: nothing is sent by it, so that nothing has to be exempted."""
    return _declare(Access("by_link"), view)


def open_to_all(view: Callable[Concatenate[Any, P], HttpResponseBase]) -> Route[P]:
    """Everybody: signing in, the health of the server, the language."""
    return _declare(Access("open_to_all"), view)


def declared(view: Callable[..., Any]) -> Access | None:
    """What a view declares, through the wrappers around it; ``None`` where it declares nothing."""
    seen: Any = view
    while seen is not None:
        access = getattr(seen, "access", None)
        if isinstance(access, Access):
            return access
        seen = seen.func if isinstance(seen, partial) else getattr(seen, "__wrapped__", None)
    return None


def routes(urlconf: str | None = None) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every route of the URLconf with its view."""

    def walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[tuple[str, Callable[..., Any]]]:
        for pattern in patterns:
            here = before + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, here)
            else:
                yield here, pattern.callback

    yield from walk(get_resolver(urlconf).url_patterns, "/")


def rights(request: HttpRequest) -> frozenset[str]:
    """The verbs the person of this request may do anywhere, read once a request: for menus, buttons and ``needs``."""
    known: frozenset[str] | None = getattr(request, "_rights", None)
    if known is None:
        user = getattr(request, "user", None)
        known = verbs_of(user) if isinstance(user, Person) else frozenset()
        vars(request)["_rights"] = known
    return known


def _declare(access: Access, view: Callable[Concatenate[Any, P], HttpResponseBase]) -> Route[P]:
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        refused = _gate(access, request)
        if refused is not None:
            return refused
        try:
            return view(cast("PageRequest", request), *args, **kwargs)
        except ObjectDoesNotExist:
            # Missing, or not for this person's eyes: the same answer, so that nobody learns which.
            raise Http404 from None
        except (CannotDo, Faults, Refusal) as error:
            return refusals.answer(request, error)

    vars(guarded)["access"] = access
    return guarded


def _gate(access: Access, request: HttpRequest) -> HttpResponse | None:
    """``None`` where the person may go on; otherwise the answer."""
    if access.kind in ("by_link", "open_to_all"):
        return None
    if not (request.user.is_authenticated and request.user.is_active):
        return _ask_to_sign_in(request)
    if access.kind == "needs" and access.verb not in rights(request):
        return errors.forbidden(request)
    return None


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Reading leads to the sign-in page and back again; a change is refused, because it would be lost on the way."""
    place = reverse("sign_in")
    if request.headers.get("HX-Request"):
        return HttpResponse(status=403, headers={"HX-Redirect": place})
    if request.method in ("GET", "HEAD"):
        return redirect(f"{place}?{urlencode({'next': request.get_full_path()})}")
    return errors.signed_out(request)
