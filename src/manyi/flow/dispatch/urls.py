"""The pages of the dispatch ledger."""

from django.urls import path

from manyi.flow.dispatch import views

urlpatterns = [
    path("<int:pk>/", views.wave, name="wave"),
    path("<int:pk>/coverage/", views.coverage, name="coverage"),
    path("<int:pk>/send/", views.send, name="send"),
    path("<int:pk>/finish/", views.finish, name="finish"),
    path("<int:pk>/sheets/", views.sheets, name="sheets"),
    path("<int:pk>/ledger.xlsx", views.export, name="export"),
    path("rows/<int:pk>/", views.row, name="row"),
    path("rows/<int:pk>/sheet/", views.sheet, name="sheet"),
    path("rows/<int:pk>/close/", views.close, name="close"),
]
