"""This room's part of the interface: what an enterprise asks for, and how it stands."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.core.registries import ApiRouter, api_routers
from fugong.record.desk.web.api import requests

api_routers.register("requests", ApiRouter("requests", 15, _("Requests to the desk"), requests.router))
