"""The pages of what is owed."""

from django.urls import path

from manyi.flow.duties.views import feed, mine, one

urlpatterns = [
    path("", mine.mine, name="mine"),
    path("all/", mine.all_duties, name="list"),
    path("month/", mine.month, name="month"),
    path("feed/", feed.feed, name="feed"),
    path("feed/<str:token>.ics", feed.calendar, name="calendar"),
    path("<int:pk>/", one.duty, name="duty"),
    path("<int:pk>/waive/", one.waive, name="waive"),
]
