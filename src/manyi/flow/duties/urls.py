"""The pages of what is owed."""

from django.urls import path

from manyi.flow.duties import views

urlpatterns = [
    path("", views.mine, name="mine"),
    path("all/", views.all_duties, name="list"),
    path("<int:pk>/waive/", views.waive, name="waive"),
]
