"""Enterprises and who may act for them."""

from __future__ import annotations

from typing import Any

from fugong.core.registries import enterprise_panels
from fugong.record.registry.logic.uscc import compose_code
from fugong.record.registry.models import ChangeRequest, Contact, Enterprise, EnterpriseGrant
from tests import factories
from tests.access.rows import ANY_OFFICIAL, IN, OFFICIAL_IN_AREA, OWN_REPORTER, Row, answers, of_enterprise, slug
from tests.place import Place


def _export(place: Place) -> list[Any]:
    return [place.incident.slug, factories.written_export(place.person("bureau_clerk@in")).pk]


def _new_enterprise(place: Place) -> dict[str, Any]:
    return {
        "name": "新企业有限公司",
        "uscc": compose_code("371502", "MA3ABCD1"),
        "kind": "enterprise",
        "managing_area": place.county.pk,
    }


def _edited_enterprise(place: Place) -> dict[str, Any]:
    return _new_enterprise(place) | {"name": "改名有限公司", "uscc": place.enterprise.uscc}


def _excluded(place: Place) -> Any:
    return factories.ScopeDecisionFactory(enterprise=place.enterprise)


def _contacted(place: Place) -> Any:
    return factories.ContactFactory(enterprise=place.enterprise)


def _contact(place: Place) -> list[Any]:
    return [*of_enterprise(place), Contact.objects.get().pk]


def _closed(place: Place) -> Any:
    return factories.ClosureFactory(enterprise=place.enterprise)


def _uncoded(place: Place) -> Any:
    return Enterprise.objects.filter(pk=place.enterprise.pk).update(uscc=None, provisional_id="P371502-1")


def _pair(place: Place) -> list[Any]:
    twin = factories.EnterpriseFactory(name=place.enterprise.name, managing_area=place.township)
    return [place.incident.slug, place.enterprise.pk, twin.pk]


def _proposed(place: Place) -> ChangeRequest:
    found = ChangeRequest.objects.filter(enterprise=place.enterprise).first()
    return found or factories.ChangeRequestFactory(enterprise=place.enterprise)


def _grant(place: Place) -> list[Any]:
    held = EnterpriseGrant.objects.filter(user__username="e-reporter").first() or factories.GrantFactory(
        user=factories.UserFactory(username="e-reporter", secret_kind="pin", area=place.county),
        enterprise=place.enterprise,
    )
    return [*of_enterprise(place), held.pk]


def _sheet(place: Place) -> list[Any]:
    return [place.incident.slug, factories.ready_sheet(place.person("bureau_clerk@in"), place.county).pk]


KEEPER_IN_AREA = answers({IN.format("keepers"): 200, IN.format("officials"): 403})
DECIDER_IN_AREA = answers({IN.format("deciders"): 200, IN.format("officials"): 403})
KEEPER_WRITES = answers({IN.format("keepers"): 302, IN.format("officials"): 403})


TABLE: dict[str, list[Row]] = {
    "registry:people": [Row(OFFICIAL_IN_AREA, args=of_enterprise)],
    "registry:grant_end": [Row(None, KEEPER_WRITES, args=_grant)],
    "registry:grant_code": [Row(None, KEEPER_IN_AREA, args=_grant)],
    "registry:people_answer": [
        Row(
            None,
            KEEPER_WRITES,
            args=lambda place: [*of_enterprise(place), factories.GrantProposalFactory(enterprise=place.enterprise).pk],
            data=lambda place: {"refuse": "1"},
        ),
    ],
    "registry:sheets": [
        Row(
            answers({"keepers": 200, "officials": 403}),
            # A keeper of another area cannot choose this one: the form comes back.
            answers({IN.format("keepers"): 302, "keepers@outside": 422, "officials": 403}),
            args=slug,
            data=lambda place: {"area": place.township.code, "everybody": "on"},
        ),
    ],
    # Codes in clear: for the person who asked, and nobody else.
    "registry:sheet_file": [
        Row(None, answers({"bureau_clerk@in": 200, IN.format("keepers"): 403}), args=_sheet),
    ],
    "registry:sheet_revoke": [Row(None, answers({IN.format("keepers"): 302}), args=_sheet)],
    "registry_my:enterprises": [
        Row(
            answers({"reporter": 200}, rest=403), answers({"reporter": 422}, rest=403), data=lambda place: {"code": "x"}
        ),
    ],
    "registry_my:people": [
        Row(
            OWN_REPORTER,
            answers({"reporter@own": 302}),
            args=lambda place: [place.enterprise.pk],
            data=lambda place: {"name": "王小明", "phone": "13812345678"},
        ),
    ],
    "registry:list": [
        Row(ANY_OFFICIAL, args=slug),
        Row(OFFICIAL_IN_AREA, args=slug, query="area=371502"),
    ],
    "registry:tags": [Row(ANY_OFFICIAL, args=slug)],
    "registry:find": [Row(answers({"officials": 302}), args=slug, query="q=91")],
    "registry:count": [
        Row(ANY_OFFICIAL, args=slug),
        Row(OFFICIAL_IN_AREA, args=slug, query="area=371502"),
    ],
    "registry:export": [
        Row(None, ANY_OFFICIAL, args=slug),
        Row(None, OFFICIAL_IN_AREA, args=slug, query="area=371502"),
    ],
    # A file is open to the person who asked for it and to nobody else.
    "registry:export_run": [Row(answers({"bureau_clerk@in": 200}), args=_export)],
    "registry:export_file": [Row(None, answers({"bureau_clerk@in": 200}), args=_export)],
    "registry:panel": [
        Row(OFFICIAL_IN_AREA, args=lambda place, name=name: [*of_enterprise(place), name]) for name in enterprise_panels
    ],
    "registry:new": [
        Row(
            answers({"keepers": 200, "officials": 403}),
            # A keeper of another area cannot choose this one: the form comes back.
            answers({IN.format("keepers"): 302, "keepers@outside": 422, "officials": 403}),
            args=slug,
            data=_new_enterprise,
        )
    ],
    "registry:detail": [Row(OFFICIAL_IN_AREA, args=of_enterprise)],
    "registry:edit": [
        Row(
            KEEPER_IN_AREA,
            answers({IN.format("keepers"): 302, IN.format("officials"): 403}),
            args=of_enterprise,
            data=_edited_enterprise,
        )
    ],
    "registry:invite": [
        Row(
            KEEPER_IN_AREA,
            KEEPER_IN_AREA,
            args=of_enterprise,
            data=lambda place: {"name": "王小明", "phone": "0635 1234567"},
        )
    ],
    "registry:fact": [
        Row(
            KEEPER_IN_AREA,
            answers({IN.format("keepers"): 302, IN.format("officials"): 403}),
            args=of_enterprise,
            data=lambda place: {"kind": "headcount", "value": "350人", "day": "2020-03-01", "source": "年报"},
        )
    ],
    "registry:exclude": [
        Row(
            DECIDER_IN_AREA,
            answers({IN.format("deciders"): 302, IN.format("officials"): 403}),
            args=of_enterprise,
            data=lambda place: {"reason": "moved_away", "first_day": "2020-03-24"},
        )
    ],
    "registry:include": [
        Row(
            DECIDER_IN_AREA,
            answers({IN.format("deciders"): 302, IN.format("officials"): 403}),
            args=of_enterprise,
            data=lambda place: {"day": "2020-03-24"},
            prepare=_excluded,
        )
    ],
    "registry:contact": [
        Row(
            KEEPER_IN_AREA,
            KEEPER_WRITES,
            args=of_enterprise,
            data=lambda place: {"role": "contact", "name": "王芳", "phone": "13800001234"},
        )
    ],
    "registry:contact_end": [Row(KEEPER_IN_AREA, KEEPER_WRITES, args=_contact, prepare=_contacted)],
    "registry:close": [
        Row(
            KEEPER_IN_AREA,
            KEEPER_WRITES,
            args=of_enterprise,
            data=lambda place: {"closed_on": "2020-03-20", "reason": "bankrupt", "evidence": "法院公告"},
        )
    ],
    "registry:reopen": [
        Row(
            KEEPER_IN_AREA,
            KEEPER_WRITES,
            args=of_enterprise,
            data=lambda place: {"reopened_on": "2020-03-24", "because": "复业"},
            prepare=_closed,
        )
    ],
    "registry:move": [
        Row(
            KEEPER_IN_AREA,
            KEEPER_WRITES,
            args=of_enterprise,
            data=lambda place: {"to_area": place.other_county.pk, "moved_on": "2020-03-24", "reason": "迁址"},
        )
    ],
    "registry:code": [
        Row(
            KEEPER_IN_AREA,
            KEEPER_WRITES,
            args=of_enterprise,
            data=lambda place: {"code": compose_code("371502", "MA3ABCD1")},
            prepare=_uncoded,
        )
    ],
    "registry:merge": [Row(KEEPER_IN_AREA, args=of_enterprise, query="q=纺织")],
    "registry:merge_preview": [
        Row(KEEPER_IN_AREA, KEEPER_WRITES, args=_pair, data=lambda place: {"reason": "同一执照"}),
        # The other one lies in another area: only who covers both sees both.
        Row(
            answers({"keepers@city": 200, "officials@city": 403}),
            answers({"keepers@city": 302, "officials@city": 403}),
            args=lambda place: [place.incident.slug, place.enterprise.pk, place.other.pk],
            data=lambda place: {"reason": "同一执照"},
        ),
    ],
    "registry:moves": [Row(ANY_OFFICIAL, args=slug)],
    "registry:proposals": [Row(ANY_OFFICIAL, args=slug, prepare=_proposed)],
    "registry:proposal": [
        Row(
            OFFICIAL_IN_AREA,
            answers({IN.format("keepers"): 302, IN.format("officials"): 403}),
            args=lambda place: [place.incident.slug, _proposed(place).pk],
            data=lambda place: {"refuse": "1", "answer": "请先到市场监管局变更"},
        )
    ],
    "registry_my:changes": [Row(OWN_REPORTER, args=lambda place: [place.enterprise.pk], prepare=_proposed)],
    "registry_my:propose": [
        Row(
            OWN_REPORTER,
            answers({"reporter@own": 302}),
            args=lambda place: [place.enterprise.pk, "name"],
            data=lambda place: {"text": "新名有限公司"},
        )
    ],
    "registry_my:withdraw": [
        Row(
            None,
            answers({"reporter@own": 302}),
            args=lambda place: [place.enterprise.pk, _proposed(place).pk],
        )
    ],
}
