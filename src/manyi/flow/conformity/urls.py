"""The pages of conformity."""

from django.urls import path

from manyi.flow.conformity import views

urlpatterns = [
    path("", views.board, name="board"),
    path("replay/<int:pk>/", views.replay, name="replay"),
]
