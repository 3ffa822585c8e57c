"""The pages of the scores."""

from django.urls import path

from manyi.flow.scores import views

urlpatterns = [
    path("<int:pk>/", views.wave, name="wave"),
    path("<int:pk>/compute/", views.compute, name="compute"),
    path("<int:pk>/pictures/", views.pictures, name="pictures"),
    path("chart/<int:pk>.svg", views.chart, name="chart"),
    path("result/<int:pk>.json", views.inputs, name="inputs"),
]
