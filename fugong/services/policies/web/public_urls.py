from __future__ import annotations

from django.urls import path

from fugong.services.policies.web.views import public

app_name = "policies_public"
urlpatterns = [
    path("<slug:language>/measures/", public.measures, name="measures"),
    path("<slug:language>/measures/<slug:code>/", public.measure, name="measure"),
]
