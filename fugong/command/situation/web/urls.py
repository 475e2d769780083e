from __future__ import annotations

from django.urls import path

from fugong.command.situation.web.views import boards, bulletins, figures

app_name = "situation"
urlpatterns = [
    path("", boards.board, name="board"),
    path("brief/", boards.brief, name="brief"),
    path("version/", boards.version, name="version"),
    path("figures/<slug:code>/", figures.figure, name="figure"),
    path("bulletin/", bulletins.bulletin, name="bulletin"),
    path("bulletin/download/", bulletins.bulletin_download, name="bulletin_download"),
]
