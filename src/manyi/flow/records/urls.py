"""The pages of records."""

from django.urls import path

from manyi.flow.records.views import case, erasing, keeping, lists, papers, pictures, playbooks, statistics, work

urlpatterns = [
    path("", lists.all_kinds, name="list"),
    path("find/", lists.find, name="find"),
    path("happening/", keeping.happened, name="happening"),
    path("kind/<str:kind>/", lists.one_kind, name="kind"),
    path("kind/<str:kind>/new/", work.start, name="start"),
    path("kind/<str:kind>/export/", lists.export, name="export"),
    path("kind/<str:kind>/views/", lists.keep_view, name="save_view"),
    path("kind/<str:kind>/views/<int:pk>/delete/", lists.lose_view, name="drop_view"),
    path("kind/<str:kind>/statistics/", statistics.page, name="statistics"),
    path("kind/<str:kind>/statistics/export/", statistics.export, name="export_statistics"),
    path("kind/<str:kind>/entrances/", case.entrances, name="entrances"),
    path("kind/<str:kind>/compiled/", papers.compiled, name="compiled"),
    path("kind/<str:kind>/playbook/", playbooks.effect, name="effect"),
    path("<int:pk>/use/", playbooks.use, name="use"),
    path("entrances/<int:pk>/close/", case.close, name="close_entrance"),
    path("<int:pk>/", work.record, name="record"),
    path("<int:pk>/steps/<slug:step>/", work.step, name="step"),
    path("<int:pk>/opinions/<slug:step>/", work.opinion, name="hear"),
    path("<int:pk>/pass/", keeping.hand_on, name="pass"),
    path("<int:pk>/remark/", keeping.say, name="remark"),
    path("<int:pk>/correct/<slug:field>/", keeping.put_right, name="correct"),
    path("<int:pk>/reopen/", keeping.open_again, name="reopen"),
    path("<int:pk>/void/", keeping.declare_void, name="void"),
    path("<int:pk>/archive/", keeping.put_away, name="archive"),
    path("<int:pk>/print/", papers.print_, name="print"),
    path("<int:pk>/word/", papers.word, name="word"),
    path("contacts/<int:pk>/erase/", erasing.erase, name="erase"),
    path("rows/<int:pk>/done/", work.task, name="task"),
    path("files/<int:pk>/", work.file, name="file"),
    path("files/<int:pk>/picture/", pictures.picture, name="picture"),
]
