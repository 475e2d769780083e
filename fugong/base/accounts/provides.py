from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.actions.import_undo import undo_accounts
from fugong.base.accounts.actions.incoming import IncomingAccounts
from fugong.base.accounts.logic.account_rows import NAMES
from fugong.base.accounts.permissions import can_administer, can_import_accounts
from fugong.base.accounts.selectors import viewer_by_id
from fugong.base.spreadsheets.logic.kinds import ImportKind, Scope, import_kinds
from fugong.core.registries import NavigationEntry, navigation
from fugong.core.viewer import viewer_sources

viewer_sources.register("accounts", viewer_by_id)
navigation.register(
    "accounts.people",
    NavigationEntry(
        name="accounts.people",
        order=900,
        label=_("People"),
        icon="users",
        url_name="people:list",
        per_incident=False,
        may=lambda viewer: bool(can_administer(viewer)),
    ),
)


def _home(_scope: Scope) -> tuple[str, str]:
    """The people, where the rows are found."""
    return gettext("People"), reverse("people:list")


import_kinds.register(
    "accounts",
    ImportKind(
        name="accounts",
        title=_("People and bodies"),
        row_label=_("Person's name"),
        verb="accounts.user.imported",
        may=can_import_accounts,
        columns=lambda _scope: NAMES,
        open=IncomingAccounts,
        home=_home,
        per_incident=False,
        rows_of_incident=False,
        code_field="username",
        added_columns=(_("Body"), _("Role"), _("Area")),
        undo=lambda actor, written: undo_accounts(actor=actor, written=written),
    ),
)
