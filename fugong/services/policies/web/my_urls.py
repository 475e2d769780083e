from __future__ import annotations

from django.urls import path

from fugong.services.policies.web.views import my

app_name = "policies_my"
urlpatterns = [
    path("measures/", my.mine, name="mine"),
    path("measures/<int:pk>/", my.measures, name="measures"),
    path("measures/<int:pk>/answer/", my.answer, name="answer"),
    path("measures/<int:pk>/what-if/", my.suppose, name="suppose"),
    path("measures/<int:pk>/m/<slug:code>/", my.measure, name="measure"),
    path("measures/<int:pk>/m/<slug:code>/opened/", my.opened, name="opened"),
]
