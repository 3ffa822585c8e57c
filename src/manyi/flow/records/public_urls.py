"""The addresses of customers who bring a case: short, because they are printed and typed."""

from __future__ import annotations

from django.urls import path

from manyi.flow.records import public_views

urlpatterns = [
    path("<str:token>", public_views.write, name="write"),
    path("follow/<str:token>", public_views.follow, name="follow"),
]
