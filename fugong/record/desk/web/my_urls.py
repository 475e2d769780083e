from __future__ import annotations

from django.urls import path

from fugong.record.desk.web.views import my

app_name = "desk_my"
urlpatterns = [
    path("requests/", my.inbox, name="inbox"),
    path("requests/new/<int:pk>/<slug:slug>/", my.new, name="new"),
    path("requests/<slug:number>/", my.detail, name="detail"),
    path("requests/<slug:number>/<slug:act>/", my.act, name="act"),
]
