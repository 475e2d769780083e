from __future__ import annotations

from fugong.portal.web.api import interface

app_name = "api"
urlpatterns = interface().patterns()
