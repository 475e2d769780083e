from __future__ import annotations

from django.urls import path

from fugong.base.oversight.web import views

app_name = "oversight"
urlpatterns = [
    path("", views.trail, name="trail"),
    path("export/", views.export, name="export"),
    path("personal/<slug:kind>/<int:pk>/", views.personal, name="personal"),
]
