"""Open311 GeoReport v2: addresses as the standard writes them, with the form behind a dot."""

from __future__ import annotations

from django.urls import re_path

from fugong.record.desk.web.views import open311

app_name = "open311"
_FORM = r"\.(?P<form>json|xml)$"
urlpatterns = [
    re_path(rf"^services{_FORM}", open311.services, name="services"),
    re_path(rf"^services/(?P<code>[a-z0-9-]+){_FORM}", open311.definition, name="definition"),
    re_path(rf"^requests{_FORM}", open311.requests, name="requests"),
    re_path(rf"^requests/(?P<number>[0-9-]+){_FORM}", open311.one, name="request"),
]
