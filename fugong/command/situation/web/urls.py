from __future__ import annotations

from django.urls import path

from fugong.command.situation.web import views

app_name = "situation"
urlpatterns = [
    path("", views.board, name="board"),
    path("figures/<slug:code>/", views.figure, name="figure"),
    path("bulletin/", views.bulletin, name="bulletin"),
    path("bulletin/download/", views.bulletin_download, name="bulletin_download"),
]
