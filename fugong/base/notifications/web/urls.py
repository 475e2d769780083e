from __future__ import annotations

from django.urls import path

from fugong.base.notifications.web import views

app_name = "notifications"
urlpatterns = [path("", views.outbox, name="outbox")]
