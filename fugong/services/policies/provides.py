from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.core.registries import NavigationEntry, navigation
from fugong.core.roles import Role

navigation.register(
    "policies.my",
    NavigationEntry(
        name="policies.my",
        order=20,
        label=_("Measures"),
        icon="gift",
        url_name="policies_my:mine",
        per_incident=False,
        may=lambda viewer: viewer.has(Role.REPORTER),
    ),
)
