from __future__ import annotations

from django.urls import path

from fugong.command.situation.web.views import (
    boards,
    bulletin_behind,
    bulletin_templates,
    bulletins,
    crossing,
    definitions,
    figures,
)

app_name = "situation"
urlpatterns = [
    path("", boards.board, name="board"),
    path("brief/", boards.brief, name="brief"),
    path("version/", boards.version, name="version"),
    path("wall/", boards.wall, name="wall"),
    path("figures/<slug:code>/", figures.figure, name="figure"),
    path("figures/<slug:code>/export/", figures.figure_export, name="figure_export"),
    path("crossing/", crossing.cross, name="crossing"),
    path("crossing/export/", crossing.crossing_export, name="crossing_export"),
    path("definitions/", definitions.definitions, name="definitions"),
    path("definitions/new/", definitions.definition_new, name="definition_new"),
    path("definitions/<slug:code>/change/", definitions.definition_change, name="definition_change"),
    path("definitions/<slug:code>/end/", definitions.definition_end, name="definition_end"),
    path("definitions/<slug:code>/target/", definitions.target_new, name="target_new"),
    path("bulletins/", bulletins.bulletins, name="bulletin"),
    path("bulletins/new/", bulletins.bulletin_new, name="bulletin_new"),
    path("bulletins/<int:pk>/", bulletins.bulletin_page, name="bulletin_page"),
    path("bulletins/<int:pk>/save/", bulletins.bulletin_save, name="bulletin_save"),
    path("bulletins/<int:pk>/preview/", bulletins.bulletin_preview, name="bulletin_preview"),
    path("bulletins/<int:pk>/file/", bulletin_behind.bulletin_file, name="bulletin_file"),
    path("bulletins/<int:pk>/files/<int:output>/", bulletin_behind.bulletin_output, name="bulletin_output"),
    path(
        "bulletins/<int:pk>/files/<int:output>/file/", bulletin_behind.bulletin_output_file, name="bulletin_output_file"
    ),
    path("bulletins/<int:pk>/changes/", bulletin_behind.bulletin_changes, name="bulletin_changes"),
    path("bulletins/<int:pk>/figures/<slug:code>/", bulletin_behind.bulletin_figure, name="bulletin_figure"),
    path("bulletins/<int:pk>/act/<slug:act>/", bulletins.bulletin_act, name="bulletin_act"),
    path("bulletin-templates/<slug:kind>/", bulletin_templates.bulletin_template, name="bulletin_template"),
]
