"""The field book."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from fugong.base.accounts.enums import BodyKind
from fugong.base.accounts.selectors import viewer_for
from fugong.core import clock
from fugong.core.viewer import service_viewer
from fugong.record.liaison.actions.absences import enter_absence
from fugong.record.liaison.actions.assigning import assign_body, assign_officer
from fugong.record.liaison.actions.photos import add_photo
from fugong.record.liaison.actions.plans import Wanted, add_item, draft_plans
from fugong.record.liaison.actions.visits import Told, record_visit
from fugong.record.liaison.models import Absence, Assignment, EnterprisePlan, PlanItem, PlannedVisit, Visit, VisitPhoto
from fugong.record.liaison.selectors.planning import Rule
from fugong.record.registry.models import Contact
from tests import factories
from tests.access.rows import ANY_OFFICIAL, IN, OFFICIAL_IN_AREA, OWN_REPORTER, Row, answers, of_enterprise, slug
from tests.place import Place
from tests.tools import picture

_FIELD = service_viewer("tests")


def _officer(place: Place) -> int:
    """The officer of the enterprise, who looks after it by an assignment."""
    user = place.person("liaison_officer")
    if not Assignment.objects.filter(user=user).exists():
        rule = Rule(ids=frozenset({place.enterprise.pk}))
        assign_officer(actor=_FIELD, incident=place.incident, kind="resident", user=user, rule=rule)
    return user.pk


def _of_officer(place: Place) -> list[Any]:
    return [place.incident.slug, _officer(place)]


def _absence(place: Place) -> list[Any]:
    args = _of_officer(place)
    absence = Absence.objects.first() or enter_absence(
        actor=_FIELD,
        user=place.person("liaison_officer"),
        acting=place.person("liaison_officer@other"),
        first_on=date(2020, 3, 25),
        last_on=date(2020, 3, 26),
    )
    return [*args, absence.pk]


def _team(place: Place) -> list[Any]:
    row = Assignment.objects.filter(area__isnull=False).first()
    if row is None:
        body = place.county.bodies.get(kind=BodyKind.BUREAU)
        row = assign_body(actor=_FIELD, incident=place.incident, kind="team", body=body, area=place.county)
    return [place.incident.slug, row.pk]


def _own(place: Place) -> list[Any]:
    return [place.enterprise.pk]


def _contact(place: Place) -> int:
    found = Contact.objects.filter(enterprise=place.enterprise).first()
    return (found or factories.ContactFactory(enterprise=place.enterprise)).pk


def _visit(place: Place) -> dict[str, Any]:
    return {"way": "visit", "purpose": "round", "findings": "食堂错时就餐", "client_key": uuid4()}


def _asked(place: Place) -> dict[str, Any]:
    return {"category": "policy", "title": "怎么申请", "client_key": uuid4()}


def _plan(place: Place) -> list[Any]:
    plan = PlannedVisit.objects.first() or PlannedVisit.objects.create(
        incident=place.incident,
        enterprise=place.enterprise,
        body_name="市场监管局",
        planned_by=place.person("liaison_officer@own"),
        planned_by_name="王",
        day=date(2020, 3, 25),
        purpose="特种设备检查",
        entered_at=clock.now(),
    )
    return [place.enterprise.pk, plan.pk]


def _sheet(place: Place) -> PlanItem:
    """The plan of the enterprise with one item that people wrote."""
    found = PlanItem.objects.filter(source="").first()
    if found is not None:
        return found
    draft_plans(actor=_FIELD, incident=place.incident, enterprises=[place.enterprise])
    return add_item(actor=_FIELD, plan=EnterprisePlan.objects.get(), wanted=Wanted(title="食堂错时就餐"))


def _planned(place: Place, *more: Any) -> list[Any]:
    _sheet(place)
    return [place.enterprise.pk, *more]


def _slug_planned(place: Place, *more: Any) -> list[Any]:
    return [place.incident.slug, *_planned(place, *more)]


def _item(place: Place) -> list[Any]:
    return [*_planned(place), _sheet(place).pk]


def _slug_item(place: Place) -> list[Any]:
    return [place.incident.slug, *_item(place)]


def _written(place: Place) -> dict[str, Any]:
    return {"title": "食堂错时就餐", "owner": "enterprise", "due_on": "2020-03-26"}


_WRITES = answers({IN.format("assigners"): 302, IN.format("officials"): 403})
_OWN_WRITES = answers({"liaison_officer@own": 302})
_WRITER_READS = answers({IN.format("assigners"): 200, IN.format("officials"): 403})


def _photo(place: Place) -> int:
    """A photo of a visit at the enterprise, by its officer."""
    officer = viewer_for(place.person("liaison_officer@own"), clock.today())
    visit = Visit.objects.first() or record_visit(
        actor=officer,
        incident=place.incident,
        enterprise=place.enterprise,
        told=Told(way="visit", purpose="round", findings="正常", key=uuid4()),
    )
    found = VisitPhoto.objects.first() or add_photo(actor=officer, visit=visit, key=uuid4(), content=picture())
    return found.pk


_AN_OFFICER = answers({"liaison_officer": 200})
_ITS_OFFICER = answers({"liaison_officer@own": 200})
_ASSIGNERS = {"assigners": 200, "officials": 403}

TABLE: dict[str, list[Row]] = {
    "liaison:coverage": [
        Row(ANY_OFFICIAL, args=slug, prepare=_officer),
        Row(OFFICIAL_IN_AREA, args=slug, query="area=371502"),
    ],
    "liaison:uncovered": [
        Row(ANY_OFFICIAL, args=slug),
        Row(OFFICIAL_IN_AREA, args=slug, query="area=371502"),
    ],
    "liaison:team": [
        Row(
            answers(_ASSIGNERS),
            # An area that is not theirs cannot be chosen.
            answers({IN.format("assigners"): 302, "assigners@outside": 422, "officials": 403}),
            args=slug,
            data=lambda place: {
                "kind": "team",
                "area": place.county.pk,
                "body": place.county.bodies.get(kind=BodyKind.BUREAU).pk,
            },
        )
    ],
    "liaison:team_end": [Row(None, answers({IN.format("assigners"): 302, IN.format("officials"): 403}), args=_team)],
    "liaison:assign": [
        Row(
            answers(_ASSIGNERS),
            # Outside the officer is nobody whom one could name.
            answers({IN.format("assigners"): 302, "assigners@outside": 422, "officials": 403}),
            args=slug,
            query=lambda place: f"e={place.enterprise.pk}",
            data=lambda place: {"e": place.other.pk, "officer": place.person("liaison_officer").pk, "kind": "expert"},
            prepare=_officer,
        )
    ],
    "liaison:visits": [Row(ANY_OFFICIAL, args=slug, prepare=_officer)],
    "liaison:officers": [Row(ANY_OFFICIAL, args=slug, prepare=_officer)],
    "liaison:officer_new": [
        Row(
            answers({"keepers": 200, "officials": 403}),
            answers({IN.format("keepers"): 200, "keepers@outside": 422, "officials": 403}),
            args=slug,
            data=lambda place: {"name": "许志远", "area": place.county.pk},
        )
    ],
    "liaison:officer": [Row(OFFICIAL_IN_AREA, args=_of_officer)],
    "liaison:end": [
        Row(
            None,
            answers({IN.format("assigners"): 302, IN.format("officials"): 403}),
            args=_of_officer,
            data=lambda place: {"a": Assignment.objects.get(enterprise=place.enterprise).pk, "reason": "调离"},
        )
    ],
    "liaison:hand_over": [
        Row(
            answers({IN.format("assigners"): 200, IN.format("officials"): 403}),
            answers({IN.format("assigners"): 302, IN.format("officials"): 403}),
            args=_of_officer,
            data=lambda place: {"to": place.person("bureau_clerk@in").pk, "reason": "调离"},
        )
    ],
    "liaison:absence": [
        Row(
            answers({IN.format("assigners"): 200, IN.format("officials"): 403}),
            answers({IN.format("assigners"): 422, IN.format("officials"): 403}),
            args=_of_officer,
            data=lambda place: {"first_on": "2020-03-25"},
        )
    ],
    "field:today": [Row(_AN_OFFICER), Row(_AN_OFFICER, query="seen=1")],
    "field:paper": [Row(_AN_OFFICER)],
    "field:enterprise": [Row(_ITS_OFFICER, args=_own)],
    "field:call": [Row(None, _ITS_OFFICER, args=lambda place: [*_own(place), _contact(place)])],
    "field:visit": [Row(_ITS_OFFICER, answers({"liaison_officer@own": 302}), args=_own, data=_visit)],
    # What the phone has kept is answered in JSON: whose it no longer is reads why.
    "field:send_visit": [
        Row(None, answers({"liaison_officer@own": 200}, rest=422), args=_own, data=_visit),
    ],
    "field:ask": [Row(_ITS_OFFICER, answers({"liaison_officer@own": 302}), args=_own, data=_asked)],
    "field:send_ask": [Row(None, answers({"liaison_officer@own": 200}, rest=422), args=_own, data=_asked)],
    "field:plan": [
        Row(
            _ITS_OFFICER,
            answers({"liaison_officer@own": 302}),
            args=_own,
            data=lambda place: {"day": "2020-03-25", "purpose": "特种设备检查"},
        )
    ],
    "field:plan_cancel": [Row(None, answers({"liaison_officer@own": 302}), args=_plan)],
    "liaison:absence_end": [
        Row(None, answers({IN.format("assigners"): 302, IN.format("officials"): 403}), args=_absence)
    ],
    "liaison:plans": [
        Row(ANY_OFFICIAL, args=slug, prepare=_sheet),
        Row(OFFICIAL_IN_AREA, args=slug, query="area=371502"),
    ],
    "liaison:plans_draft": [Row(None, answers({"assigners": 302, "officials": 403}), args=slug)],
    "liaison:plan_sheet": [Row(OFFICIAL_IN_AREA, args=_slug_planned)],
    "liaison:plan_draft": [Row(None, _WRITES, args=of_enterprise)],
    "liaison:plan_facts": [Row(None, _WRITES, args=_slug_planned)],
    "liaison:plan_agree": [Row(None, _WRITES, args=_slug_planned)],
    "liaison:plan_item_new": [Row(_WRITER_READS, _WRITES, args=_slug_planned, data=_written)],
    "liaison:plan_item": [Row(_WRITER_READS, _WRITES, args=_slug_item, data=_written)],
    "liaison:plan_item_end": [Row(None, _WRITES, args=_slug_item, data=lambda place: {"settle": "1"})],
    "liaison:plan_file": [Row(None, OFFICIAL_IN_AREA, args=lambda place: _slug_planned(place, "docx"))],
    "field:plan_sheet": [Row(_ITS_OFFICER, args=_planned)],
    "field:plan_draft": [Row(None, _OWN_WRITES, args=_own)],
    "field:plan_facts": [Row(None, _OWN_WRITES, args=_planned)],
    "field:plan_agree": [Row(None, _OWN_WRITES, args=_planned)],
    "field:plan_item_new": [Row(_ITS_OFFICER, _OWN_WRITES, args=_planned, data=_written)],
    "field:plan_item": [Row(_ITS_OFFICER, _OWN_WRITES, args=_item, data=_written)],
    "field:plan_item_end": [Row(None, _OWN_WRITES, args=_item, data=lambda place: {"reason": "不用了"})],
    "field:plan_file": [Row(None, _ITS_OFFICER, args=lambda place: _planned(place, "docx"))],
    "plan:mine": [Row(answers({"reporter": 302}))],
    "plan:plan_sheet": [Row(OWN_REPORTER, args=_planned)],
    "plan:plan_file": [Row(None, OWN_REPORTER, args=lambda place: _planned(place, "docx"))],
    "liaison:photo": [Row(OFFICIAL_IN_AREA, args=lambda place: [place.incident.slug, _photo(place)])],
    "field:photo": [
        Row(answers({IN.format("officials"): 200, "liaison_officer@own": 200}), args=lambda place: [_photo(place)])
    ],
    # A photo whose visit is not here yet waits; nobody else's enterprise is known.
    "field:send_photo": [
        Row(
            None,
            answers({"liaison_officer@own": 200}, rest=422),
            args=_own,
            data=lambda place: {
                "visit_key": uuid4(),
                "client_key": uuid4(),
                "photo": SimpleUploadedFile("a.jpg", picture(), "image/jpeg"),
            },
        )
    ],
    "liaison:export": [Row(None, ANY_OFFICIAL, args=lambda place: [place.incident.slug, "coverage"])],
    "liaison:planned": [Row(ANY_OFFICIAL, args=slug, prepare=_plan)],
    "liaison:plan_visit": [
        Row(
            _WRITER_READS,
            _WRITES,
            args=of_enterprise,
            data=lambda place: {"day": "2020-03-25", "purpose": "特种设备检查"},
        )
    ],
    # Whoever planned it cancels it: here an officer.
    "liaison:plan_visit_cancel": [
        Row(None, answers({IN.format("officials"): 403}), args=lambda place: [place.incident.slug, *_plan(place)])
    ],
}
