from __future__ import annotations

from django.urls import path

from fugong.base.accounts.web import views

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
]
