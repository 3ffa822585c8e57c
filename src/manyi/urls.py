"""The pages: those of the rooms under the flow, then every stage's own under its word."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from manyi.stages import BASES, STAGES

urlpatterns: list[URLPattern | URLResolver] = [path("", include("manyi.web.urls"))]
for base in BASES:
    if find_spec(f"manyi.base.{base}.urls"):
        urlpatterns.append(path(f"{base}/", include((import_module(f"manyi.base.{base}.urls"), base))))
for stage in STAGES:
    if find_spec(f"manyi.flow.{stage.word}.urls"):
        urlpatterns.append(
            path(f"{stage.word}/", include((import_module(f"manyi.flow.{stage.word}.urls"), stage.word)))
        )
for place, word, name in (("s/", "responses", "respond"), ("f/", "records", "feedback")):
    if find_spec(f"manyi.flow.{word}.public_urls"):
        urlpatterns.append(path(place, include((import_module(f"manyi.flow.{word}.public_urls"), name))))

handler400 = "manyi.web.errors.bad_request"
handler403 = "manyi.web.errors.forbidden"
handler404 = "manyi.web.errors.not_found"
handler500 = "manyi.web.errors.broken"
