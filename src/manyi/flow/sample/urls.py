"""The pages of a wave's frame."""

from django.urls import path

from manyi.flow.sample import views

urlpatterns = [
    path("<int:pk>/", views.wave, name="wave"),
    path("<int:pk>/draw/", views.draw, name="draw"),
]
