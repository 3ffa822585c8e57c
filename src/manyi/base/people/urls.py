"""The pages of units, people and roles."""

from django.urls import path

from manyi.base.people import views

urlpatterns = [
    path("", views.list_, name="list"),
    path("units/new/", views.new_unit, name="new_unit"),
    path("new/", views.new_person, name="new"),
    path("password/", views.own_password, name="password"),
    path("<int:pk>/", views.person, name="person"),
    path("<int:pk>/password/", views.password, name="set_password"),
    path("<int:pk>/disable/", views.disable, name="disable"),
    path("<int:pk>/roles/", views.assign, name="assign"),
    path("roles/<int:pk>/end/", views.end, name="end"),
]
