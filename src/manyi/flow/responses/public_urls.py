"""The addresses of respondents: short, because they are printed and typed."""

from __future__ import annotations

from django.urls import path

from manyi.flow.responses import public_views

urlpatterns = [
    path("<str:token>", public_views.answer, name="answer"),
    path("<str:token>/done", public_views.done, name="done"),
]
