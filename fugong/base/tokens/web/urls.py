from __future__ import annotations

from django.urls import path

from fugong.base.tokens.web import views

app_name = "tokens"
urlpatterns = [
    path("", views.tokens, name="list"),
    path("new/", views.new, name="new"),
    path("<int:pk>/revoke/", views.revoke, name="revoke"),
]
