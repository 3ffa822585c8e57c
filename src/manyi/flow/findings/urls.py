"""The page of the points of attention."""

from django.urls import path

from manyi.flow.findings import views

urlpatterns = [path("<int:pk>/", views.wave, name="wave")]
