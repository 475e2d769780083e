from __future__ import annotations

from django.urls import path

from fugong.record.reporting.web import views

app_name = "reporting"
urlpatterns = [
    path("", views.home, name="home"),
    path("<int:pk>/history/", views.history, name="history"),
    path("<int:pk>/<slug:incident>/", views.report, name="report"),
    path("<int:pk>/<slug:incident>/same/", views.same_as_before, name="same"),
    path("<int:pk>/<slug:incident>/receipt/", views.receipt, name="receipt"),
]
