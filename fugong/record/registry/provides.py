from __future__ import annotations

from django import forms
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fugong.base.areas.selectors import areas_for
from fugong.base.spreadsheets.logic.kinds import ImportKind, Scope, import_kinds
from fugong.core import clock
from fugong.core.registries import NavigationEntry, granted_areas, granted_names, navigation
from fugong.core.viewer import Viewer, grant_sources
from fugong.record.registry.actions.import_undo import undo_enterprises
from fugong.record.registry.actions.incoming import IncomingEnterprises
from fugong.record.registry.logic.columns import NAMES, USUAL_NAMES
from fugong.record.registry.logic.import_issues import marked
from fugong.record.registry.permissions import can_import_enterprises, can_list_enterprises
from fugong.record.registry.selectors.grants import GRANTS_HELD, acted_in, reported_names

_TEMPLATE_FIELDS = tuple(field for field in USUAL_NAMES if field not in ("province", "city"))


def _asked(viewer: Viewer, _scope: Scope) -> dict[str, forms.Field]:
    """The managing area of rows that tell none, among those of the viewer."""
    areas = list(areas_for(viewer).valid_on(clock.today()).order_by("path"))
    return {
        "area": forms.ChoiceField(
            label=_("Area of rows that name none"),
            choices=[(area.code, str(area)) for area in areas],
            initial=areas[0].code if areas else "",
            required=False,
            help_text=_("A row whose area column or credit code tells its area keeps that area."),
        )
    }


def _home(scope: Scope) -> tuple[str, str]:
    """The register, where the rows are found."""
    return gettext("Enterprises"), reverse("registry:list", args=[scope["incident"]])


def _notes() -> dict[str, tuple[str, str]]:
    """Field → what to write there, and an example."""
    return {
        "name": (gettext("as on the business licence"), gettext("Xinzhou Hengrun Plastics Ltd.")),
        "uscc": (gettext("18 characters; the column is text, so that no digit is lost"), "91371522MA3DK2XXXX"),
        "area": (gettext("where it is managed; without it the credit code decides"), gettext("Shen County")),
        "township": (gettext("if known"), gettext("Gucheng Town")),
        "capital": (gettext("with its unit and currency"), "300万元人民币"),
        "established_on": (gettext("year, month and day"), "2012-05-08"),
        "contact_name": (gettext("whom to call"), gettext("Wang Fang")),
        "contact_phone": (gettext("shown masked; opened on the record"), "0635-8200000"),
        "headcount": (gettext("people on the roster, a whole number"), "120"),
        "industry": (gettext("name or code by GB/T 4754-2017"), "C17"),
    }


grant_sources.register("registry", GRANTS_HELD)
granted_names.register("registry", reported_names)
granted_areas.register("registry", acted_in)
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
import_kinds.register(
    "enterprises",
    ImportKind(
        name="enterprises",
        title=_("Import enterprises"),
        row_label=_("Enterprise"),
        verb="registry.enterprise.imported",
        may=can_import_enterprises,
        columns=lambda _scope: NAMES,
        open=IncomingEnterprises,
        home=_home,
        rows_of_incident=False,
        code_field="uscc",
        added_columns=(_("Managing area"), _("Kind")),
        fields=_asked,
        template_fields=_TEMPLATE_FIELDS,
        notes=_notes,
        marked=marked,
        undo=lambda actor, written: undo_enterprises(actor=actor, written=written),
    ),
)
