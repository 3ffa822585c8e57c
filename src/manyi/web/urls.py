"""The pages that belong to no stage: signing in and out, the language, the health of the server, the start page."""

from django.urls import path

from manyi.web import views

urlpatterns = [
    path("", views.start, name="start"),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("language/", views.choose_language, name="set_language"),
    path("healthz", views.health, name="health"),
]
