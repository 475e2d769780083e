from __future__ import annotations

from django.urls import path

from fugong.services.policies.web.views import catalogue, enterprise

app_name = "policies"
urlpatterns = [
    path("", catalogue.catalogue, name="catalogue"),
    path("new/", catalogue.new, name="new"),
    path("of/<int:pk>/", enterprise.offers, name="offers"),
    path("of/<int:pk>/answer/", enterprise.answer, name="answer"),
    path("drafts/<int:pk>/publish/", catalogue.publish, name="publish"),
    path("drafts/<int:pk>/drop/", catalogue.drop, name="drop"),
    path("m/<slug:code>/", catalogue.measure, name="measure"),
]
