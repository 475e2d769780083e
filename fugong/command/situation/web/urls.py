from __future__ import annotations

from django.urls import path

from fugong.command.situation.web.views import bulletins, figures

app_name = "situation"
urlpatterns = [
    path("", figures.board, name="board"),
    path("figures/<slug:code>/", figures.figure, name="figure"),
    path("bulletin/", bulletins.bulletin, name="bulletin"),
    path("bulletin/download/", bulletins.bulletin_download, name="bulletin_download"),
]
