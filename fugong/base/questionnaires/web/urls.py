from __future__ import annotations

from django.urls import path

from fugong.base.questionnaires.web.views import answers, forms

app_name = "questionnaires"
urlpatterns = [
    path("", forms.forms, name="forms"),
    path("load/", forms.load, name="load"),
    path("load/confirm/", forms.confirm, name="confirm"),
    path("<slug:code>/", forms.form, name="form"),
    path("<slug:code>/<int:number>/file/", forms.file, name="file"),
    path("<slug:code>/<int:number>/try/", forms.try_out, name="try"),
    path("<slug:code>/ask/", forms.ask, name="ask"),
    path("<slug:code>/stop/", forms.stop, name="stop"),
    path("<slug:code>/answers/", answers.answers, name="answers"),
    path("<slug:code>/answers/export/", answers.export, name="export"),
    path("<slug:code>/answers/<int:pk>/", answers.answer, name="answer"),
]
