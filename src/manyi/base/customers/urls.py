"""The addresses of the register."""

from __future__ import annotations

from django.urls import path

from manyi.base.customers import views

urlpatterns = [
    path("", views.listing, name="list"),
    path("new/", views.new, name="new"),
    path("projects/", views.projects, name="projects"),
    path("import/", views.upload, name="import"),
    path("<int:pk>/", views.customer, name="customer"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("intake/<int:pk>/", views.intake, name="intake"),
    path("intake/<int:pk>/stop/", views.stop, name="stop"),
    path("intake/<int:pk>/resume/", views.resume, name="resume"),
]
