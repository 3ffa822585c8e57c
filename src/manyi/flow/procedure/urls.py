"""The pages of procedures."""

from django.urls import path

from manyi.flow.procedure import views

urlpatterns = [
    path("", views.list_, name="list"),
    path("import/", views.import_, name="import"),
    path("<int:pk>/", views.revision, name="revision"),
    path("<int:pk>/text/", views.text, name="text"),
    path("<int:pk>/sheet/<slug:form>/", views.sheet, name="sheet"),
    path("<int:pk>/document/", views.document, name="document"),
    path("<int:pk>/compare/", views.compare, name="compare"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/review/", views.review, name="review"),
    path("<int:pk>/approve/", views.approve, name="approve"),
    path("<int:pk>/in-force/", views.put_in_force, name="put_in_force"),
]
