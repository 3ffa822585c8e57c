"""The addresses of returns."""

from __future__ import annotations

from django.urls import path

from manyi.flow.responses import views

urlpatterns = [
    path("<int:pk>/", views.wave, name="wave"),
    path("<int:pk>/enter/", views.enter, name="enter"),
    path("<int:pk>/enter/<int:ask>/", views.enter_row, name="enter_row"),
    path("<int:pk>/visit/", views.enter_visit, name="enter_visit"),
    path("<int:pk>/import/", views.upload, name="import"),
    path("<int:pk>/finish/", views.finish, name="finish"),
    path("sheet/<int:pk>/", views.sheet, name="sheet"),
    path("customer/<int:pk>/", views.of_customer, name="of_customer"),
    path("intake/<int:pk>/", views.intake, name="intake"),
    path("intake/<int:pk>/stop/", views.stop, name="stop"),
    path("intake/<int:pk>/resume/", views.resume, name="resume"),
]
