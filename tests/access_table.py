"""Who may open what: every address × every kind of viewer (tests/place.py) → the status of the answer.

Outsiders get 404, insiders without the right 403, strangers the sign-in page. A new address without a row fails
(tests/test_house.py); tests/test_access.py walks the table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import make_password

from fugong.base.accounts.actions.secrets import issue_code
from fugong.base.accounts.models import Mandate, SignIn, User
from fugong.base.spreadsheets.models import ImportRun
from fugong.core import clock
from fugong.core.files import side_path
from fugong.core.registries import enterprise_panels
from fugong.core.roles import Role
from fugong.core.viewer import service_viewer
from fugong.record.desk.models import Request, RootProblem, RouteRule
from fugong.record.registry.logic.uscc import compose_code
from fugong.record.registry.models import ChangeRequest, Contact, Enterprise, EnterpriseGrant
from tests import factories
from tests.place import KINDS, MANDATED, Place

LOGIN = "login"
GROUPS = {
    "officials": [role for role in MANDATED if role != Role.AUDITOR],
    "keepers": [Role.BUREAU_CLERK, Role.TOWNSHIP_CADRE, Role.ADMINISTRATOR],
    "deciders": [
        Role.BUREAU_CLERK,
        Role.TOWNSHIP_CADRE,
        Role.ADMINISTRATOR,
        Role.DUTY_OFFICER,
        Role.COMMANDER,
    ],
    "askers": [
        Role.BUREAU_CLERK,
        Role.TOWNSHIP_CADRE,
        Role.WORKING_GROUP_MEMBER,
        Role.TEAM_LEAD,
        Role.DUTY_OFFICER,
        Role.COMMANDER,
    ],
    "command": [Role.COMMANDER, Role.DUTY_OFFICER],
    "steerers": [Role.COMMANDER, Role.DUTY_OFFICER, Role.ADMINISTRATOR],
    "drafters": [Role.BUREAU_CLERK, Role.DUTY_OFFICER, Role.COMMANDER],
}

Answers = Mapping[str, int | str]


def answers(rules: Mapping[str, int | str], rest: int | str = 404, anonymous: int | str = LOGIN) -> Answers:
    """Kind of viewer → status. Words of a rule are kinds, or groups and roles with or without `@place`; first wins."""
    found: dict[str, int | str] = {"anonymous": anonymous}
    for words, status in rules.items():
        for word in words.split():
            group, _separator, where = word.partition("@")
            for role in GROUPS.get(group, [group]):
                matching = [kind for kind in KINDS if kind == role or kind.startswith(f"{role}@{where}")]
                assert matching, f"{word} is no kind of viewer"
                found |= {kind: status for kind in matching if kind not in found}
    return {kind: found.get(kind, rest) for kind in KINDS}


def everybody(status: int) -> Answers:
    return answers({}, rest=status, anonymous=status)


def signed_in(status: int) -> Answers:
    """Whoever has signed in."""
    return answers({}, rest=status)


def _phone(place: Place) -> list[Any]:
    """A person of the county who has a telephone, and is none of those who ask."""
    user = factories.UserFactory(phone="13800001234")
    factories.MandateFactory(user=user, area=place.county, body=place.county.bodies.first())
    return ["phone", user.pk]


def _nothing(place: Place) -> Any:
    return ()


@dataclass(frozen=True)
class Row:
    """One address. `get` or `post` None: the method is refused (405). `prepare` writes what the page needs."""

    get: Answers | None
    post: Answers | None = None
    args: Callable[[Place], Any] = _nothing
    query: str | Callable[[Place], str] = ""
    data: Callable[[Place], dict[str, Any]] = lambda place: {}
    prepare: Callable[[Place], Any] = _nothing
    token: str = ""  # the scope of the key with which each viewer asks, in JSON and without a session


def _slug(place: Place) -> list[Any]:
    return [place.incident.slug]


def _enterprise(place: Place) -> list[Any]:
    return [place.incident.slug, place.enterprise.pk]


def _export(place: Place) -> list[Any]:
    return [place.incident.slug, factories.written_export(place.person("bureau_clerk@in")).pk]


def _figure(place: Place) -> list[Any]:
    return [place.incident.slug, "opening_rate"]


def _duty(place: Place) -> list[Any]:
    return [place.enterprise.pk, place.incident.slug]


def _new_enterprise(place: Place) -> dict[str, Any]:
    return {
        "name": "新企业有限公司",
        "uscc": compose_code("371502", "MA3ABCD1"),
        "kind": "enterprise",
        "managing_area": place.county.pk,
    }


def _edited_enterprise(place: Place) -> dict[str, Any]:
    return _new_enterprise(place) | {"name": "改名有限公司", "uscc": place.enterprise.uscc}


def _report(place: Place) -> dict[str, Any]:
    return {"state": "open", "roster": "100", "on_post": "80"}


def _sent_by_program(place: Place) -> dict[str, Any]:
    named = {"incident": place.incident.slug, "enterprise": place.enterprise.uscc}
    return named | {"state": "open", "roster": 100, "on_post": 80}


def _stated_by_program(place: Place) -> dict[str, Any]:
    named = {"incident": place.incident.slug, "area": place.county.code, "day": "2020-03-24", "source": "日报"}
    return named | {"enterprises": 10, "enterprises_open": 9}


def _key(place: Place) -> list[Any]:
    return [factories.TokenFactory(owner=place.person("bureau_clerk@in")).pk]


def _yesterday(place: Place) -> Any:
    return place.report(day="2020-03-23")


def _today(place: Place) -> Any:
    return place.report()


def _due(place: Place) -> dict[str, Any]:
    return {"valid_from": "2020-03-24", "due_time": "09:30", "source": "第12号通知"}


def _due_time(place: Place) -> Any:
    return factories.DueTimeFactory(incident=place.incident, area=place.county)


def _question(place: Place) -> dict[str, Any]:
    return {
        "name": "tents", "label_zh": "帐篷", "label_en": "Tents", "type": "integer", "valid_from": "2020-03-24",
        "source": "第12号通知",
    }  # fmt: skip


def _item_asked(place: Place) -> Any:
    return factories.AreaItemFactory(incident=place.incident, area=place.county)


def _opening(place: Place) -> dict[str, Any]:
    return {"enterprise": place.enterprise.uscc, "until": "2020-03-24T11:00", "reason": "录入有误"}


def _excluded(place: Place) -> Any:
    return factories.ScopeDecisionFactory(enterprise=place.enterprise)


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


def _contacted(place: Place) -> Any:
    return factories.ContactFactory(enterprise=place.enterprise)


def _contact(place: Place) -> list[Any]:
    return [*_enterprise(place), Contact.objects.get().pk]


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


def _code_of_somebody(place: Place) -> dict[str, str]:
    return {"code": issue_code(actor=service_viewer("tests"), user=factories.UserFactory())}


def _device_of(place: Place, kind: str) -> SignIn:
    return factories.SignInFactory(user=place.person(kind))


SIGNED_IN = answers({}, rest=200)


def _request(place: Place) -> Request:
    """A request of the enterprise, with the headquarters of the city."""
    return Request.objects.first() or factories.RequestFactory(place)


def _asked(place: Place) -> list[Any]:
    return [place.incident.slug, _request(place).number]


def _root(place: Place) -> RootProblem:
    """A root problem of the city's headquarters, with the request of the enterprise."""
    root = RootProblem.objects.first() or RootProblem.objects.create(
        incident=place.incident,
        title="熔喷布断供",
        body=place.city.bodies.get(kind="headquarters"),
        opened_at=clock.now(),
        opened_by_name="王",
    )
    Request.objects.filter(pk=_request(place).pk).update(root=root)
    return root


def _route(place: Place) -> RouteRule:
    return RouteRule.objects.first() or RouteRule.objects.create(
        incident=place.incident,
        area=place.county,
        body=place.city.bodies.get(kind="headquarters"),
        valid_from=clock.today(),
    )


ADMINISTERS = answers({"administrator": 200}, rest=403)
ADMINISTERS_WRONGLY = answers({"administrator": 422}, rest=403)
_OF_AREA = {"administrator@in administrator@city": 422}
LOOKS_AFTER = answers({"administrator@in administrator@city": 200, "administrator": 404}, rest=403)
LOOKS_AFTER_WRITES = answers({"administrator@in administrator@city": 302, "administrator": 404}, rest=403)


def _official(place: Place) -> list[int]:
    """An official of the county, whom its administrator looks after."""
    return [_serving(place).user_id]


def _serving(place: Place) -> Mandate:
    found = Mandate.objects.filter(user__username="serving").first()
    return found or factories.MandateFactory(
        user=factories.UserFactory(username="serving", area=place.county),
        area=place.county,
        body=place.county.bodies.get(kind="bureau"),
        role=Role.AUDITOR,
    )


def _never_in(place: Place) -> Any:
    """The county's bureau has somebody who has chosen no password yet."""
    return User.objects.filter(pk=_serving(place).user_id).update(password=make_password(None))


def _mandate(place: Place) -> list[int]:
    return [_serving(place).user_id, _serving(place).pk]


def _body(place: Place) -> dict[str, str]:
    return {"name": "东昌府区工业和信息化局", "short_name": "区工信局"}


def _grant(place: Place) -> list[Any]:
    held = EnterpriseGrant.objects.filter(user__username="e-reporter").first() or factories.GrantFactory(
        user=factories.UserFactory(username="e-reporter", secret_kind="pin", area=place.county),
        enterprise=place.enterprise,
    )
    return [*_enterprise(place), held.pk]


def _sheet(place: Place) -> list[Any]:
    return [place.incident.slug, factories.ready_sheet(place.person("bureau_clerk@in"), place.county).pk]


def _bulletin(state: str) -> Callable[[Place], list[Any]]:
    """Arguments of an address about a bulletin of the county in this state."""
    return lambda place: [place.incident.slug, factories.drafted_bulletin(place, place.county, state).pk]


def _output(form: str, *, made: bool = False) -> Callable[[Place], list[Any]]:
    """Arguments of an address about what a job makes of a published bulletin of the county."""

    def arguments(place: Place) -> list[Any]:
        output = factories.asked_output(place, place.county, form)
        if made:
            factories.made_output(output)
        return [place.incident.slug, output.bulletin_id, output.pk]

    return arguments


def _text(place: Place) -> dict[str, Any]:
    return {"title": "题", "text": "返岗{return_rate.value}", "edition": "1", "version": "0"}


IN = "{0}@in {0}@city"
SENDER = {"bureau_clerk@in administrator@city": 200, "keepers": 404, "officials": 403}
NOWHERE = answers({})
OWN_REPORTER = answers({"reporter@own": 200})
ANY_OFFICIAL = answers({"officials": 200})
OFFICIAL_IN_AREA = answers({IN.format("officials"): 200})
KEEPER_IN_AREA = answers({IN.format("keepers"): 200, IN.format("officials"): 403})
DECIDER_IN_AREA = answers({IN.format("deciders"): 200, IN.format("officials"): 403})
DRAFTER = answers({"drafters": 200, "officials": 403})
DEFINER = answers({"bureau_clerk@city commander@city": 200, "officials": 403})
DEFINER_WRONGLY = answers({"bureau_clerk@city commander@city": 422, "officials": 403})
_DEFINING = "bureau_clerk@in bureau_clerk@city commander@in commander@city"
TARGETER_IN_AREA = answers({_DEFINING: 200, IN.format("officials"): 403})
TARGETER_WRONGLY_IN_AREA = answers({_DEFINING: 422, IN.format("officials"): 403})
DRAFTER_IN_AREA = answers({IN.format("drafters"): 200, "drafters@outside": 404, IN.format("officials"): 403})

REPORTS_FOR_OTHERS = "bureau_clerk township_cadre duty_officer"
ON_BEHALF = answers(
    {
        " ".join(f"{role}@{where}" for role in REPORTS_FOR_OTHERS.split() for where in ("in", "city")): 200,
        IN.format("officials"): 403,
    }
)


def _acts(roles: str) -> Answers:
    """Who acts for the county from within it: a redirect; other officials of it 403."""
    may = " ".join(f"{role}@{where}" for role in roles.split() for where in ("in", "city"))
    return answers({may: 302, IN.format("officials"): 403})


REMINDER = _acts(REPORTS_FOR_OTHERS)
TIME_SETTER = _acts("duty_officer commander")
LOCKER = _acts("duty_officer commander bureau_clerk")
ASKER = _acts("duty_officer bureau_clerk")
OPENER = _acts("duty_officer")
READS_TRAIL = answers({"auditor administrator": 200}, rest=403)


DRAFTER_IN_AREA = answers({IN.format("drafters"): 200, IN.format("officials"): 403})
DRAFTER_WRITES = answers({"drafters": 302, "officials": 403})
DRAFTER_WRITES_IN_AREA = answers({IN.format("drafters"): 302, IN.format("officials"): 403})
OFFICIAL_ASKS_IN_AREA = answers({IN.format("officials"): 302})
APPROVER = answers({"commander@in commander@city": 302, IN.format("officials"): 403})
KEEPER_WRITES = answers({IN.format("keepers"): 302, IN.format("officials"): 403})

TABLE: dict[str, list[Row]] = {
    "home": [Row(answers({"officials": 302, "reporter": 302, "auditor": 302}, rest=200))],
    "healthz": [Row(everybody(200))],
    "readyz": [Row(everybody(200))],
    "metrics": [Row(everybody(200))],  # from this machine; tests/portal/test_watching.py asks from elsewhere
    "status": [Row(answers({"administrator@city": 200}, rest=403))],
    "language": [Row(None, everybody(302), data=lambda place: {"language": "en"})],
    "large_type": [Row(None, everybody(302))],
    "account_login": [
        Row(
            answers({}, rest=302, anonymous=200),
            answers({}, rest=302, anonymous=200),
            data=lambda place: {"login": "nobody", "password": "wrong"},
        )
    ],
    "account_code": [
        Row(everybody(200), everybody(422), query="c=abcd", data=lambda place: {"code": "no such code"}),
        Row(everybody(200), answers({}, rest=200, anonymous=302), data=_code_of_somebody),
    ],
    "account_code_secret": [Row(everybody(302), everybody(302))],
    "account_message": [Row(everybody(200), everybody(302), data=lambda place: {"phone": "13800000000"})],
    "account_message_code": [Row(everybody(302), everybody(302))],
    "account_forgotten": [Row(everybody(200))],
    # Between password and page only: whoever is not on the way is sent back.
    "mfa_authenticate": [Row(everybody(302), everybody(302))],
    "account_me": [Row(SIGNED_IN)],
    "account_secret": [Row(SIGNED_IN, answers({}, rest=422))],
    "account_deputy": [
        # One's own mandate; those of others do not exist.
        Row(
            answers({"auditor@in": 200}),
            answers({"auditor@in": 422}),
            args=lambda place: [place.person("auditor@in").mandates.get().pk],
        ),
    ],
    # A device of one's own; those of others do not exist.
    "account_device_end": [
        Row(None, answers({"auditor@in": 302}), args=lambda place: [_device_of(place, "auditor@in").pk]),
    ],
    "account_devices_end": [Row(None, answers({}, rest=302))],
    "account_factor": [Row(SIGNED_IN, answers({}, rest=422))],
    "account_factor_renew": [Row(None, answers({}, rest=422))],
    "account_factor_remove": [Row(None, answers({}, rest=422))],
    "people:list": [Row(ADMINISTERS)],
    "people:new": [Row(ADMINISTERS, ADMINISTERS_WRONGLY)],
    "people:person": [Row(LOOKS_AFTER, args=_official)],
    "people:edit": [Row(LOOKS_AFTER, LOOKS_AFTER_WRITES, args=_official, data=lambda place: {"name": "王芳"})],
    "people:mandate_new": [Row(LOOKS_AFTER, answers(_OF_AREA | {"administrator": 404}, rest=403), args=_official)],
    "people:mandate_end": [
        Row(LOOKS_AFTER, LOOKS_AFTER_WRITES, args=_mandate, data=lambda place: {"reason": "调离"}),
    ],
    "people:deputy": [Row(LOOKS_AFTER, answers(_OF_AREA | {"administrator": 404}, rest=403), args=_mandate)],
    "people:code": [Row(None, LOOKS_AFTER, args=_official)],
    "people:unlock": [Row(None, LOOKS_AFTER_WRITES, args=_official)],
    "people:devices_end": [Row(None, LOOKS_AFTER_WRITES, args=_official)],
    "people:factor_remove": [Row(None, LOOKS_AFTER_WRITES, args=_official)],
    "people:leave": [Row(LOOKS_AFTER, LOOKS_AFTER_WRITES, args=_official, data=lambda place: {"reason": "退休"})],
    "people:bodies": [Row(ADMINISTERS)],
    "people:body_new": [Row(ADMINISTERS, ADMINISTERS_WRONGLY)],
    "people:body_codes": [
        Row(None, LOOKS_AFTER, args=lambda place: [place.county.bodies.get().pk], prepare=_never_in),
    ],
    "people:body_edit": [
        Row(LOOKS_AFTER, LOOKS_AFTER_WRITES, args=lambda place: [place.county.bodies.get().pk], data=_body),
    ],
    "registry:people": [Row(OFFICIAL_IN_AREA, args=_enterprise)],
    "registry:grant_end": [Row(None, KEEPER_WRITES, args=_grant)],
    "registry:grant_code": [Row(None, KEEPER_IN_AREA, args=_grant)],
    "registry:people_answer": [
        Row(
            None,
            KEEPER_WRITES,
            args=lambda place: [*_enterprise(place), factories.GrantProposalFactory(enterprise=place.enterprise).pk],
            data=lambda place: {"refuse": "1"},
        ),
    ],
    "registry:sheets": [
        Row(
            answers({"keepers": 200, "officials": 403}),
            # A keeper of another area cannot choose this one: the form comes back.
            answers({IN.format("keepers"): 302, "keepers@outside": 422, "officials": 403}),
            args=_slug,
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
    "account_logout": [Row(answers({}, rest=200, anonymous=302), everybody(302))],
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
    "registry:list": [
        Row(ANY_OFFICIAL, args=_slug),
        Row(OFFICIAL_IN_AREA, args=_slug, query="area=371502"),
    ],
    "registry:tags": [Row(ANY_OFFICIAL, args=_slug)],
    "registry:find": [Row(answers({"officials": 302}), args=_slug, query="q=91")],
    "registry:count": [
        Row(ANY_OFFICIAL, args=_slug),
        Row(OFFICIAL_IN_AREA, args=_slug, query="area=371502"),
    ],
    "registry:export": [
        Row(None, ANY_OFFICIAL, args=_slug),
        Row(None, OFFICIAL_IN_AREA, args=_slug, query="area=371502"),
    ],
    # A file is open to the person who asked for it and to nobody else.
    "registry:export_run": [Row(answers({"bureau_clerk@in": 200}), args=_export)],
    "registry:export_file": [Row(None, answers({"bureau_clerk@in": 200}), args=_export)],
    "registry:panel": [
        Row(OFFICIAL_IN_AREA, args=lambda place, name=name: [*_enterprise(place), name]) for name in enterprise_panels
    ],
    "registry:new": [
        Row(
            answers({"keepers": 200, "officials": 403}),
            # A keeper of another area cannot choose this one: the form comes back.
            answers({IN.format("keepers"): 302, "keepers@outside": 422, "officials": 403}),
            args=_slug,
            data=_new_enterprise,
        )
    ],
    "registry:detail": [Row(OFFICIAL_IN_AREA, args=_enterprise)],
    "registry:edit": [
        Row(
            KEEPER_IN_AREA,
            answers({IN.format("keepers"): 302, IN.format("officials"): 403}),
            args=_enterprise,
            data=_edited_enterprise,
        )
    ],
    "registry:invite": [
        Row(
            KEEPER_IN_AREA,
            KEEPER_IN_AREA,
            args=_enterprise,
            data=lambda place: {"name": "王小明", "phone": "0635 1234567"},
        )
    ],
    "registry:fact": [
        Row(
            KEEPER_IN_AREA,
            answers({IN.format("keepers"): 302, IN.format("officials"): 403}),
            args=_enterprise,
            data=lambda place: {"kind": "headcount", "value": "350人", "day": "2020-03-01", "source": "年报"},
        )
    ],
    "registry:exclude": [
        Row(
            DECIDER_IN_AREA,
            answers({IN.format("deciders"): 302, IN.format("officials"): 403}),
            args=_enterprise,
            data=lambda place: {"reason": "moved_away", "first_day": "2020-03-24"},
        )
    ],
    "registry:include": [
        Row(
            DECIDER_IN_AREA,
            answers({IN.format("deciders"): 302, IN.format("officials"): 403}),
            args=_enterprise,
            data=lambda place: {"day": "2020-03-24"},
            prepare=_excluded,
        )
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
    "registry:contact": [
        Row(
            KEEPER_IN_AREA,
            KEEPER_WRITES,
            args=_enterprise,
            data=lambda place: {"role": "contact", "name": "王芳", "phone": "13800001234"},
        )
    ],
    "registry:contact_end": [Row(KEEPER_IN_AREA, KEEPER_WRITES, args=_contact, prepare=_contacted)],
    "registry:close": [
        Row(
            KEEPER_IN_AREA,
            KEEPER_WRITES,
            args=_enterprise,
            data=lambda place: {"closed_on": "2020-03-20", "reason": "bankrupt", "evidence": "法院公告"},
        )
    ],
    "registry:reopen": [
        Row(
            KEEPER_IN_AREA,
            KEEPER_WRITES,
            args=_enterprise,
            data=lambda place: {"reopened_on": "2020-03-24", "because": "复业"},
            prepare=_closed,
        )
    ],
    "registry:move": [
        Row(
            KEEPER_IN_AREA,
            KEEPER_WRITES,
            args=_enterprise,
            data=lambda place: {"to_area": place.other_county.pk, "moved_on": "2020-03-24", "reason": "迁址"},
        )
    ],
    "registry:code": [
        Row(
            KEEPER_IN_AREA,
            KEEPER_WRITES,
            args=_enterprise,
            data=lambda place: {"code": compose_code("371502", "MA3ABCD1")},
            prepare=_uncoded,
        )
    ],
    "registry:merge": [Row(KEEPER_IN_AREA, args=_enterprise, query="q=纺织")],
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
    "registry:moves": [Row(ANY_OFFICIAL, args=_slug)],
    "registry:proposals": [Row(ANY_OFFICIAL, args=_slug, prepare=_proposed)],
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
    "desk:queue": [
        Row(ANY_OFFICIAL, args=_slug, prepare=_request),
        Row(OFFICIAL_IN_AREA, args=_slug, query="area=371502"),
    ],
    "desk:export": [
        Row(None, ANY_OFFICIAL, args=_slug),
        Row(None, OFFICIAL_IN_AREA, args=_slug, query="area=371502"),
    ],
    "desk:callers": [Row(answers({"askers": 200, "officials": 403}), args=_slug, query="q=9137")],
    "desk:new": [Row(answers({"askers": 200, "officials": 403}), args=_slug)],
    "desk:enter": [
        Row(
            answers({IN.format("askers"): 200, "askers@outside": 404, "officials": 403}),
            answers({IN.format("askers"): 302, "askers@outside": 404, "officials": 403}),
            args=_enterprise,
            data=lambda place: {"category": "policy", "title": "怎么申请"},
        )
    ],
    "desk:detail": [Row(OFFICIAL_IN_AREA, args=_asked)],
    "desk:act": [
        Row(
            None,
            # It is with the city's headquarters: only the command of the area works on it besides.
            answers({IN.format("command"): 302, IN.format("officials"): 403}),
            args=lambda place: [*_asked(place), "plan"],
            data=lambda place: {"text": "明天送到"},
        ),
        Row(
            None,
            answers({IN.format("command"): 302, IN.format("officials"): 403}),
            args=lambda place: [*_asked(place), "green"],
            data=lambda place: {"text": "防疫物资"},
        ),
    ],
    "desk:gather": [
        Row(
            None,
            # Nothing that somebody outside sees is chosen: back to the queue with a word.
            answers({IN.format("askers"): 302, "officials@outside": 302, IN.format("officials"): 403}),
            args=_slug,
            data=lambda place: {"number": _request(place).number, "title": "熔喷布断供"},
            prepare=_request,
        )
    ],
    "desk:root": [
        Row(
            OFFICIAL_IN_AREA,
            answers({"askers@city": 302, "officials@city": 403, "officials@in": 403}),
            args=lambda place: [place.incident.slug, _root(place).pk],
            data=lambda place: {"text": "省里调拨2吨"},
        )
    ],
    # Off unless the site says otherwise (tests/record/desk/test_open311.py): then there is nothing for anybody.
    "open311:services": [Row(everybody(404), args=lambda _place: ["json"])],
    "open311:definition": [Row(everybody(404), args=lambda _place: ["staff", "json"])],
    "open311:requests": [Row(everybody(404), args=lambda _place: ["xml"])],
    "open311:request": [Row(everybody(404), args=lambda _place: ["20200324-0001", "json"])],
    "desk:service": [Row(ANY_OFFICIAL, args=_slug)],
    "desk:routes": [
        Row(
            ANY_OFFICIAL,
            answers({IN.format("steerers"): 302, IN.format("officials"): 403, "officials": 422}),
            args=_slug,
            data=lambda place: {
                "area": place.county.pk,
                "body": place.city.bodies.get(kind="headquarters").pk,
                "category": "staff",
            },
        )
    ],
    "desk:route_end": [
        Row(
            None,
            answers({IN.format("steerers"): 302, IN.format("officials"): 403}),
            args=lambda place: [place.incident.slug, _route(place).pk],
        )
    ],
    "desk_my:inbox": [Row(answers({"reporter": 200}), prepare=_request)],
    "desk_my:new": [
        Row(
            OWN_REPORTER,
            answers({"reporter@own": 302}),
            args=_duty,
            data=lambda place: {"category": "policy", "title": "怎么申请"},
        )
    ],
    "desk_my:detail": [Row(OWN_REPORTER, args=lambda place: [_request(place).number])],
    "desk_my:act": [
        Row(
            None,
            answers({"reporter@own": 302}),
            args=lambda place: [_request(place).number, "word"],
            data=lambda place: {"text": "还差得多"},
        )
    ],
    "incidents:areas": [
        Row(ANY_OFFICIAL, args=_slug),
        Row(OFFICIAL_IN_AREA, args=_slug, query="area=371502"),
    ],
    "incidents:risk": [
        Row(
            answers(
                {"commander@in commander@city duty_officer@in duty_officer@city": 200, IN.format("officials"): 403}
            ),
            answers(
                {"commander@in commander@city duty_officer@in duty_officer@city": 302, IN.format("officials"): 403}
            ),
            args=lambda place: [place.incident.slug, "371502"],
            data=lambda place: {"level": "high", "valid_from": "2020-03-24", "source": "指挥部公告第3号"},
        )
    ],
    "situation:board": [
        Row(ANY_OFFICIAL, args=_slug, prepare=_today),
        Row(OFFICIAL_IN_AREA, args=_slug, query="area=371502"),
    ],
    "situation:brief": [
        Row(ANY_OFFICIAL, args=_slug, prepare=_today),
        Row(OFFICIAL_IN_AREA, args=_slug, query="area=371502"),
    ],
    "situation:version": [
        Row(ANY_OFFICIAL, args=_slug),
        Row(OFFICIAL_IN_AREA, args=_slug, query="area=371502"),
    ],
    "situation:figure": [
        Row(ANY_OFFICIAL, args=_figure, prepare=_today),
        Row(OFFICIAL_IN_AREA, args=_figure, query="area=371502&state=missing"),
    ],
    "situation:figure_export": [
        Row(None, ANY_OFFICIAL, args=_figure, prepare=_today),
        Row(None, OFFICIAL_IN_AREA, args=_figure, query="area=371502"),
    ],
    "situation:wall": [
        Row(ANY_OFFICIAL, args=_slug, prepare=_today),
        Row(OFFICIAL_IN_AREA, args=_slug, query="area=371502"),
    ],
    "situation:crossing": [
        Row(ANY_OFFICIAL, args=_slug, prepare=_today),
        Row(OFFICIAL_IN_AREA, args=_slug, query="area=371502&row=*&column=*"),
    ],
    "situation:crossing_export": [
        Row(None, ANY_OFFICIAL, args=_slug, prepare=_today),
        Row(None, OFFICIAL_IN_AREA, args=_slug, query="area=371502"),
    ],
    "situation:definitions": [
        Row(ANY_OFFICIAL, args=_slug, prepare=_today),
        Row(OFFICIAL_IN_AREA, args=_slug, query="area=371502"),
    ],
    "situation:definition_new": [Row(DEFINER, DEFINER_WRONGLY, args=_slug)],
    "situation:definition_change": [Row(DEFINER, DEFINER_WRONGLY, args=_figure)],
    "situation:definition_end": [Row(DEFINER, DEFINER_WRONGLY, args=_figure)],
    "situation:target_new": [Row(TARGETER_IN_AREA, TARGETER_WRONGLY_IN_AREA, args=_figure, query="area=371502")],
    "situation:bulletin": [
        Row(ANY_OFFICIAL, args=_slug, prepare=_today),
        Row(OFFICIAL_IN_AREA, args=_slug, query="area=371502"),
    ],
    "situation:bulletin_new": [
        Row(None, DRAFTER_WRITES, args=_slug, prepare=_today, data=lambda place: {"kind": "daily"}),
        Row(None, DRAFTER_WRITES_IN_AREA, args=_slug, query="area=371502"),
    ],
    "situation:bulletin_page": [
        Row(DRAFTER_IN_AREA, args=_bulletin("draft"), prepare=_today),
        Row(DRAFTER_IN_AREA, args=_bulletin("submitted")),
        Row(OFFICIAL_IN_AREA, args=_bulletin("published")),
    ],
    "situation:bulletin_save": [Row(None, DRAFTER_WRITES_IN_AREA, args=_bulletin("draft"), data=_text)],
    "situation:bulletin_preview": [Row(None, DRAFTER_IN_AREA, args=_bulletin("draft"), data=_text)],
    "situation:bulletin_file": [
        Row(None, DRAFTER_WRITES_IN_AREA, args=_bulletin("draft")),
        Row(None, OFFICIAL_ASKS_IN_AREA, args=_bulletin("published"), data=lambda place: {"form": "xlsx"}),
    ],
    "situation:bulletin_output": [
        Row(OFFICIAL_IN_AREA, args=_output("docx"), prepare=_today),
        # A workbook names enterprises as far as whoever asked for it sees them: it is theirs.
        Row(answers({"bureau_clerk@in": 200}), args=_output("xlsx")),
    ],
    "situation:bulletin_output_file": [
        Row(None, OFFICIAL_IN_AREA, args=_output("docx", made=True), prepare=_today),
        Row(None, answers({"bureau_clerk@in": 200}), args=_output("xlsx", made=True)),
    ],
    "situation:bulletin_changes": [Row(DRAFTER_IN_AREA, args=_bulletin("published"))],
    "situation:bulletin_figure": [
        Row(OFFICIAL_IN_AREA, args=lambda place: [*_bulletin("published")(place), "return_rate"], prepare=_today),
        Row(DRAFTER_IN_AREA, args=lambda place: [*_bulletin("draft")(place), "return_rate"]),
    ],
    "situation:bulletin_act": [
        Row(None, DRAFTER_WRITES_IN_AREA, args=lambda place: [*_bulletin("draft")(place), "figures"]),
        Row(None, DRAFTER_WRITES_IN_AREA, args=lambda place: [*_bulletin("draft")(place), "stop"]),
        Row(None, DRAFTER_WRITES_IN_AREA, args=lambda place: [*_bulletin("published")(place), "changes"]),
        Row(None, DRAFTER_WRITES_IN_AREA, args=lambda place: [*_bulletin("draft")(place), "submit"]),
        Row(None, DRAFTER_WRITES_IN_AREA, args=lambda place: [*_bulletin("draft")(place), "discard"]),
        Row(
            None,
            DRAFTER_WRITES_IN_AREA,
            args=lambda place: [*_bulletin("submitted")(place), "return"],
            data=lambda place: {"because": "补充"},
        ),
        Row(None, APPROVER, args=lambda place: [*_bulletin("submitted")(place), "publish"]),
        Row(
            None,
            DRAFTER_WRITES_IN_AREA,
            args=lambda place: [*_bulletin("published")(place), "revise"],
            data=lambda place: {"reason": "更正"},
        ),
    ],
    "situation:bulletin_template": [
        Row(DRAFTER, DRAFTER_WRITES, args=lambda place: [place.incident.slug, "daily"], data=_text),
        Row(
            DRAFTER_IN_AREA,
            DRAFTER_WRITES_IN_AREA,
            args=lambda place: [place.incident.slug, "weekly"],
            query="area=371502",
            data=_text,
        ),
    ],
    "api_openapi": [Row(everybody(200))],
    "api_docs": [Row(everybody(200))],
    "api:reports_duties": [Row(answers({"reporter": 200}, rest=200, anonymous=401), token="reports:read")],
    "api:reports_items": [
        Row(answers({}, rest=200, anonymous=401), query="incident=covid-2020", token="reports:read"),
    ],
    "api:reports": [
        Row(
            answers({}, rest=200, anonymous=401),
            answers({}, rest=403, anonymous=401),
            data=_sent_by_program,
            token="reports:read",
        ),
        Row(
            answers({}, rest=403, anonymous=401),
            answers({"reporter@own": 200}, anonymous=401),
            data=_sent_by_program,
            token="reports:write",
        ),
    ],
    "api:reports_batch": [
        Row(
            None,
            answers({}, rest=200, anonymous=401),  # each line says for itself whether it was refused
            data=lambda place: {"reports": [_sent_by_program(place)]},
            token="reports:write",
        )
    ],
    "api:totals": [
        Row(
            answers({"officials": 200}, rest=403, anonymous=401),
            query="incident=covid-2020&day=2020-03-24",
            token="totals:read",
            post=answers({}, rest=403, anonymous=401),
            data=_stated_by_program,
        ),
        Row(
            answers({}, rest=403, anonymous=401),
            query="incident=covid-2020&day=2020-03-24",
            token="totals:write",
            post=answers(
                {
                    IN.format("bureau_clerk"): 200,
                    IN.format("duty_officer"): 200,
                    IN.format("township_cadre"): 200,
                    IN.format("officials"): 403,
                },
                anonymous=401,
            ),
            data=_stated_by_program,
        ),
    ],
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
    "reports:missing": [
        Row(ANY_OFFICIAL, args=_slug),
        Row(OFFICIAL_IN_AREA, args=_slug, query="area=371502&all=1"),
    ],
    "reports:remind": [Row(None, REMINDER, args=_slug, query="area=371502")],
    "reports:behalf": [
        Row(
            ON_BEHALF,
            ON_BEHALF,
            args=_slug,
            query=lambda place: f"e={place.enterprise.pk}",
            data=lambda place: {"send": "0"},
        ),
    ],
    "reports:times": [Row(ANY_OFFICIAL, args=_slug, prepare=_due_time)],
    "reports:due": [Row(None, TIME_SETTER, args=_slug, query="area=371502", data=_due)],
    "reports:lock": [Row(None, LOCKER, args=_slug, query="area=371502")],
    "reports:open": [Row(None, OPENER, args=_slug, query="area=371502", data=_opening)],
    "reports:items": [Row(ANY_OFFICIAL, args=_slug)],
    "reports:ask_item": [Row(None, ASKER, args=_slug, query="area=371502", data=_question)],
    "reports:end_item": [Row(None, ASKER, args=lambda place: [place.incident.slug, _item_asked(place).pk])],
    "reports:totals": [Row(ANY_OFFICIAL, args=_slug), Row(OFFICIAL_IN_AREA, args=_slug, query="area=371502")],
    "reports:state_total": [
        Row(
            answers(
                {
                    IN.format("bureau_clerk"): 200,
                    IN.format("duty_officer"): 200,
                    IN.format("township_cadre"): 200,
                    IN.format("officials"): 403,
                }
            ),
            answers(
                {
                    IN.format("bureau_clerk"): 302,
                    IN.format("duty_officer"): 302,
                    IN.format("township_cadre"): 302,
                    IN.format("officials"): 403,
                }
            ),
            args=_slug,
            query="area=371502",
            data=lambda place: {"enterprises": "10", "enterprises_open": "9", "source": "日报"},
        )
    ],
    "reporting:worker": [Row(everybody(200))],
    "reporting:token": [Row(answers({}, rest=200))],
    "reporting:outbox": [Row(answers({"reporter": 200}, rest=403))],
    "reporting:send": [
        Row(None, answers({"reporter@own": 200}), args=_duty, data=_report, prepare=_yesterday),
    ],
    "reporting:together": [Row(answers({"reporter": 200}), answers({"reporter": 200}))],
    "reporting:home": [Row(answers({"reporter": 200}))],
    "reporting:history": [Row(OWN_REPORTER, args=lambda place: [place.enterprise.pk], prepare=_today)],
    "reporting:report": [
        Row(OWN_REPORTER, answers({"reporter@own": 302}), args=_duty, data=_report, prepare=_yesterday),
        Row(OWN_REPORTER, answers({"reporter@own": 422}), args=_duty, prepare=_today),
    ],
    "reporting:draft": [
        Row(None, answers({"reporter@own": 302}), args=_duty, data=_report, prepare=_yesterday),
    ],
    "reporting:same": [Row(None, answers({"reporter@own": 302}), args=_duty, prepare=_yesterday)],
    "reporting:receipt": [Row(OWN_REPORTER, args=_duty, prepare=_today)],
}
