from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.core.registries import NavigationEntry, granted_names, navigation
from fugong.core.viewer import grant_sources
from fugong.record.registry.permissions import can_list_enterprises
from fugong.record.registry.selectors.grants import grants_of, reported_names

grant_sources.register("registry", grants_of)
granted_names.register("registry", reported_names)
navigation.register(
    "registry.enterprises",
    NavigationEntry(
        name="registry.enterprises",
        order=40,
        label=_("Enterprises"),
        icon="building-factory-2",
        url_name="registry:list",
        per_incident=True,
        may=lambda viewer: bool(can_list_enterprises(viewer)),
    ),
)
