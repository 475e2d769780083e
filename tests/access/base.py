"""Messages, trail, imports, keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fugong.base.spreadsheets.models import ImportRun
from fugong.core.files import side_path
from tests import factories
from tests.access.rows import IN, Row, answers, signed_in
from tests.place import Place


def _phone(place: Place) -> list[Any]:
    """A person of the county who has a telephone, and is none of those who ask."""
    user = factories.UserFactory(phone="13800001234")
    factories.MandateFactory(user=user, area=place.county, body=place.county.bodies.first())
    return ["phone", user.pk]


def _key(place: Place) -> list[Any]:
    return [factories.TokenFactory(owner=place.person("bureau_clerk@in")).pk]


def _import(state: str) -> Callable[[Place], Any]:
    """An import of the clerk of the county, in this state."""

    def prepare(place: Place) -> Any:
        run = factories.ImportRunFactory(actor_id=place.person("bureau_clerk@in").pk, state=state)
        mended = side_path(f"{run.side}.xlsx")
        mended.parent.mkdir(parents=True, exist_ok=True)
        mended.write_bytes(b"PK")

    return prepare


def _kind(place: Place) -> list[Any]:
    return [place.incident.slug, "enterprises"]


def _placeless(place: Place) -> list[Any]:
    return ["enterprises"]


def _placeless_run(place: Place) -> list[Any]:
    return ["enterprises", 1]


def _run(place: Place) -> list[Any]:
    return [place.incident.slug, "enterprises", ImportRun.objects.get().pk]


SENDER = {"bureau_clerk@in administrator@city": 200, "keepers": 404, "officials": 403}
NOWHERE = answers({})
READS_TRAIL = answers({"auditor administrator": 200}, rest=403)


TABLE: dict[str, list[Row]] = {
    "notifications:outbox": [Row(answers({"administrator@city": 200}, rest=403))],
    "oversight:trail": [
        Row(READS_TRAIL),
        Row(READS_TRAIL, query="person=王&subject=纺织&area=371502&since=2020-03-01"),
    ],
    "oversight:export": [
        Row(None, READS_TRAIL, data=lambda place: {"reason": "季度审计"}),
        Row(None, answers({"auditor administrator": 422}, rest=403), data=lambda place: {"reason": " "}),
    ],
    # Another person's number: who sees the person's area; to open it one has to work there.
    "oversight:personal": [
        Row(
            answers({IN.format("officials"): 200}),
            answers({IN.format("officials"): 200}),
            args=_phone,
            data=lambda place: {"reason": "电话核实停产原因"},
        ),
        Row(
            answers({IN.format("officials"): 200}),
            answers({IN.format("officials"): 200}),
            args=lambda place: ["contact", factories.ContactFactory(enterprise=place.enterprise).pk],
            data=lambda place: {"reason": "电话核实停产原因"},
        ),
        Row(signed_in(404), signed_in(404), args=lambda place: ["no-such-kind", 1]),
    ],
    "imports:start": [
        Row(
            answers({"keepers": 200, "officials": 403}),
            answers({"keepers": 422, "officials": 403}),
            args=_kind,
        )
    ],
    "imports:template": [Row(answers({"keepers": 200, "officials": 403}), args=_kind)],
    # The register has no table that is filled in already.
    "imports:prefilled": [Row(None, answers({"keepers": 404, "officials": 403}), args=_kind)],
    "imports:run": [Row(answers(SENDER), args=_run, prepare=_import("written"))],
    "imports:progress": [Row(answers(SENDER), args=_run, prepare=_import("uploaded"))],
    "imports:columns": [
        Row(
            answers(SENDER),
            answers(SENDER | {"bureau_clerk@in administrator@city": 302}),
            args=_run,
            data=lambda place: {"column_0": "name", "column_1": "uscc"},
            prepare=_import("unmatched"),
        )
    ],
    "imports:corrected": [Row(None, answers(SENDER), args=_run, prepare=_import("checked"))],
    "imports:confirm": [
        Row(
            None,
            answers({"bureau_clerk@in": 302, "administrator@city": 403, "keepers": 404, "officials": 403}),
            args=_run,
            prepare=_import("checked"),
        )
    ],
    "imports:undo": [
        Row(
            None,
            answers(SENDER | {"bureau_clerk@in administrator@city": 302}),
            args=_run,
            prepare=_import("written"),
        )
    ],
    # Nothing of an incident is brought in without one.
    "place_imports:start": [Row(NOWHERE, NOWHERE, args=_placeless)],
    "place_imports:template": [Row(NOWHERE, args=_placeless)],
    "place_imports:prefilled": [Row(None, NOWHERE, args=_placeless)],
    "place_imports:run": [Row(NOWHERE, args=_placeless_run)],
    "place_imports:progress": [Row(NOWHERE, args=_placeless_run)],
    "place_imports:columns": [Row(NOWHERE, NOWHERE, args=_placeless_run)],
    "place_imports:corrected": [Row(None, NOWHERE, args=_placeless_run)],
    "place_imports:confirm": [Row(None, NOWHERE, args=_placeless_run)],
    "place_imports:undo": [Row(None, NOWHERE, args=_placeless_run)],
    "tokens:list": [Row(answers({}, rest=200), prepare=_key)],
    "tokens:new": [
        Row(
            answers({"officials reporter": 200}),
            answers({"officials": 200, "reporter": 422}),
            data=lambda place: {"name": "ERP", "scopes": ["totals:read"], "days": "30"},
        )
    ],
    "tokens:revoke": [
        Row(None, answers({"bureau_clerk@in administrator@in administrator@city": 302}), args=_key),
    ],
}
