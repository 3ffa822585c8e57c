"""The pages of surveys and their waves."""

from django.urls import path

from manyi.flow.plan import views

urlpatterns = [
    path("", views.all_waves, name="list"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.wave, name="wave"),
    path("<int:pk>/steps/<slug:step>/", views.report, name="step"),
    path("<int:pk>/yardsticks/", views.add_yardstick, name="yardstick"),
    path("<int:pk>/yardsticks/<int:yardstick>/remove/", views.drop_yardstick, name="remove_yardstick"),
    path("<int:pk>/close/", views.close, name="close"),
]
