"""The pages of the reports."""

from django.urls import path

from manyi.flow.reports import views

urlpatterns = [
    path("", views.list_reports, name="list"),
    path("<int:pk>/", views.wave, name="wave"),
    path("<int:pk>/make/", views.make, name="make"),
    path("report/<int:pk>/", views.progress, name="progress"),
    path("report/<int:pk>/submit/", views.submit, name="submit"),
    path("report/<int:pk>/approve/", views.approve, name="approve"),
    path("report/<int:pk>/return/", views.give_back, name="return"),
    path("report/<int:pk>/archive/", views.archive, name="archive"),
    path("file/<int:pk>/", views.file, name="file"),
]
