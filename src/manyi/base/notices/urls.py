"""The pages of notices."""

from django.urls import path

from manyi.base.notices import views

urlpatterns = [
    path("", views.mine, name="list"),
    path("read/", views.read, name="read"),
    path("robots/", views.robots, name="robots"),
    path("robots/again/", views.again, name="again"),
    path("robots/<int:pk>/switch/", views.switch, name="switch"),
]
