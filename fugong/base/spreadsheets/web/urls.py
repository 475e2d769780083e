from __future__ import annotations

from django.urls import path

from fugong.base.spreadsheets.web import views

# Included twice: beneath an incident (imports) and for kinds of no incident (place_imports).
app_name = "imports"
urlpatterns = [
    path("<slug:kind>/", views.start, name="start"),
    path("<slug:kind>/template/", views.template, name="template"),
    path("<slug:kind>/prefilled/", views.prefilled, name="prefilled"),
    path("<slug:kind>/<int:pk>/", views.run, name="run"),
    path("<slug:kind>/<int:pk>/progress/", views.progress, name="progress"),
    path("<slug:kind>/<int:pk>/columns/", views.columns, name="columns"),
    path("<slug:kind>/<int:pk>/corrected/", views.corrected, name="corrected"),
    path("<slug:kind>/<int:pk>/confirm/", views.confirm, name="confirm"),
    path("<slug:kind>/<int:pk>/undo/", views.undo, name="undo"),
]
