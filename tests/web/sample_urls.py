"""A small product for the tests of the shell: one route of each kind, and pages that stand for the stages' own."""

from datetime import date
from fractions import Fraction

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import include, path

from manyi.base.people.access import CannotDo, MayNot
from manyi.base.people.models import Unit
from manyi.base.people.queries import get_visible_unit
from manyi.core.errors import Fault, Faults
from manyi.core.text import Text
from manyi.web.access import by_link, needs, open_to_all, signed_in
from manyi.web.exports import CSV, as_csv, download

FAULT = Fault(
    "no_number",
    Text("金额“abc”不是数字", "amount “abc” is no number"),
    Text("填写数字", "write a number"),
    "sales",
    7,
    "amount",
)


class SampleForm(forms.Form):
    customer = forms.CharField(label="客户", max_length=40, help_text="名称或编号")
    channel = forms.ChoiceField(label="渠道", choices=[("email", "电子邮件"), ("paper", "纸质")])
    sent_on = forms.DateField(label="发放日期")
    note = forms.CharField(label="备注", widget=forms.Textarea(attrs={"rows": 2}), required=False)
    grade = forms.ChoiceField(label="等级", choices=[("a", "满意"), ("b", "一般")], widget=forms.RadioSelect)
    sure = forms.BooleanField(label="已核对", required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def rows(number):
    names = ["上海海川化工", "宁波华泰石化", "广州中源水务", "<b>深圳</b>瑞丰电力"]
    states = ["sent", "returned", "closed", "overdue", "waiting"]
    return [
        {"name": names[n % 4], "product": "球阀", "day": date(2026, 12, 1 + n % 28), "state": states[n % 5],
         "score": Fraction(7000 + n * 7, 90), "share": Fraction(n % 9, 8), "title": Text("重点客户", "Key accounts")}
        for n in range(number)
    ]  # fmt: skip


@signed_in
def sample(request):
    form = SampleForm(request.POST or None)
    page = Paginator(rows(60), 20).get_page(request.GET.get("page"))
    return render(request, "sample.html", {"form": form, "page": page, "at": request.at})


@signed_in
def unit(request, pk):
    return HttpResponse(get_visible_unit(request.user, pk).name)


@signed_in
def refuse(request):
    raise CannotDo(Text("该调查已结束", "The wave is closed"))


@signed_in
def may_not(request):
    raise MayNot(Text("您没有“品保部”的这项权限", "You have no right to do this for quality"))


@signed_in
def faulty(request):
    raise Faults([FAULT] * int(request.GET.get("n", "1")))


@needs("people.manage")
def manage(request):
    return HttpResponse("managed")


@by_link
def respond(request, token):
    if token != "good":
        raise Unit.DoesNotExist
    if request.method == "POST":
        response = HttpResponse("taken")
        response.set_cookie("seen", "1")
        request.session["seen"] = True
        return response
    return render(request, "sample_public.html")


@by_link
def respond_refused(request):
    raise CannotDo(Text("已经收到", "Received already"))


@open_to_all
def broken(request):
    raise RuntimeError


@signed_in
def export(request):
    return download(as_csv(["名称"], [["=1+1"]]), "台账 2026.csv", CSV)


def named(name, *more):
    return include(([path("", sample, name=name), *more], "x"))


urlpatterns = [
    path("", include("manyi.web.urls")),
    path("sample/", sample, name="sample"),
    path("unit/<int:pk>/", unit),
    path("refuse/", refuse),
    path("may-not/", may_not),
    path("faulty/", faulty),
    path("manage/", manage),
    path("s/<str:token>", respond),
    path("refused-by-link/", respond_refused),
    path("broken/", broken),
    path("export/", export),
    path("duties/", include(([path("", sample, name="mine")], "duties"))),
    path("conformity/", include(([path("", sample, name="board")], "conformity"))),
    *(
        path(f"{name}/", include(([path("", sample, name="list")], name)))
        for name in ("plan", "customers", "reports", "procedure", "evidence", "people")
    ),
]
handler400 = "manyi.web.errors.bad_request"
handler403 = "manyi.web.errors.forbidden"
handler404 = "manyi.web.errors.not_found"
handler500 = "manyi.web.errors.broken"
