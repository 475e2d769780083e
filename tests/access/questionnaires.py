"""Forms and their answers."""

from __future__ import annotations

from typing import Any

from fugong.base.questionnaires.web.forms import ConfirmForm
from tests import factories
from tests.access.rows import GROUPS, IN, Row, answers
from tests.house import PACKAGE
from tests.place import Place

GROUPS["loaders"] = ["bureau_clerk", "duty_officer", "commander", "administrator"]
_FILE = PACKAGE / "playbooks" / "epidemic" / "form-restart-safety.xlsx"
_OFFICIALS = answers({"officials": 200}, rest=403)
_OF_COUNTY = answers({IN.format("officials"): 200, "officials": 404}, rest=403)
_LOADS = {"loaders": 200}
_ASKS = answers({IN.format("loaders"): 302, IN.format("officials"): 403, "officials": 404}, rest=403)


def _form(place: Place) -> list[Any]:
    """A form of the whole place."""
    factories.FormVersionFactory()
    return ["check"]


def _own(place: Place) -> list[Any]:
    """A form of the county, with answers of it."""
    version = factories.FormVersionFactory(form__code="own", form__area=place.county)
    factories.ResponseFactory(version=version, area=place.township)
    return ["own"]


def _answer(place: Place) -> list[Any]:
    version = factories.FormVersionFactory()
    return ["check", factories.ResponseFactory(version=version, area=place.township).pk]


def _checked(place: Place) -> dict[str, Any]:
    """A checked file that is to be the county's form."""
    sha256 = factories.kept_sha256(_FILE.read_bytes())
    return {"checked": ConfirmForm.sealed(sha256, _FILE.name, place.county.pk, True)}


TABLE: dict[str, list[Row]] = {
    "questionnaires:forms": [Row(_OFFICIALS, prepare=_form), Row(_OFFICIALS, prepare=_own)],
    "questionnaires:form": [Row(_OFFICIALS, args=_form), Row(_OF_COUNTY, args=_own)],
    "questionnaires:file": [Row(_OF_COUNTY, args=lambda place: [*_own(place), 1])],
    "questionnaires:try": [
        Row(
            _OF_COUNTY,
            _OF_COUNTY,
            args=lambda place: [*_own(place), 1],
            data=lambda place: {"check.own.ok": "yes"},
        )
    ],
    "questionnaires:load": [Row(answers(_LOADS, rest=403), answers({"loaders": 422}, rest=403))],
    "questionnaires:confirm": [
        Row(None, answers({IN.format("loaders"): 302, "loaders": 403}, rest=403), data=_checked)
    ],
    "questionnaires:ask": [Row(None, _ASKS, args=_own)],
    "questionnaires:stop": [Row(None, _ASKS, args=_own)],
    "questionnaires:answers": [
        Row(_OF_COUNTY, args=_own),
        Row(_OFFICIALS, args=_form, query="failed=1&after=7"),
    ],
    # Answers are seen where they were given, whosever form it is.
    "questionnaires:answer": [Row(_OF_COUNTY, args=_answer)],
    "questionnaires:export": [Row(None, _OF_COUNTY, args=_own)],
}
