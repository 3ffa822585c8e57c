"""The pages of the evidence."""

from django.urls import path

from manyi.base.evidence import views

urlpatterns = [
    path("", views.list_, name="list"),
    path("verify/", views.verify, name="verify"),
]
