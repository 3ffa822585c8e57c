"""The pages of the working calendars."""

from django.urls import path

from manyi.base.calendars import views

urlpatterns = [
    path("", views.all_calendars, name="list"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.calendar, name="calendar"),
    path("<int:pk>/week/", views.week, name="week"),
    path("<int:pk>/days/", views.days, name="days"),
    path("<int:pk>/file/", views.take_in, name="file"),
    path("<int:pk>/drop/", views.drop, name="drop"),
    path("<int:pk>/confirm/", views.confirm, name="confirm"),
]
