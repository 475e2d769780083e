"""Rows for tests, one factory per model; each gives the least that the constraints ask for."""

from __future__ import annotations

import datetime
import json
import secrets
import uuid
from types import SimpleNamespace

import factory
from factory.django import DjangoModelFactory

from fugong.base.accounts.enums import BodyKind
from fugong.base.accounts.models import Body, Mandate, SignIn, User
from fugong.base.accounts.selectors import viewer_for
from fugong.base.areas.enums import AreaLevel
from fugong.base.areas.models import Area
from fugong.base.questionnaires.logic.expression import Question, compile_expression
from fugong.base.questionnaires.models import Form, FormVersion, Response
from fugong.base.spreadsheets.models import ImportRun
from fugong.base.tokens.models import ApiToken
from fugong.base.tokens.selectors import secret_hash
from fugong.command.situation.actions import bulletin_outputs, bulletins, publishing
from fugong.command.situation.models import Bulletin
from fugong.command.situation.tasks import make_output, take_figures
from fugong.core import clock
from fugong.core.files import keep, side_path
from fugong.core.roles import Role
from fugong.record.incidents.models import Incident, PlaybookVersion
from fugong.record.liaison.models import Assignment
from fugong.record.registry.enums import ChangeKind, ClosingReason, EnterpriseKind, ExportState, FactKind, GrantCapacity
from fugong.record.registry.logic.uscc import compose_code
from fugong.record.registry.models import (
    AccessSheet,
    ChangeRequest,
    Closure,
    Contact,
    Enterprise,
    EnterpriseFact,
    EnterpriseGrant,
    ExportRun,
    GrantProposal,
    ScopeDecision,
)
from fugong.record.reporting.enums import Channel, ReportState
from fugong.record.reporting.models import AreaItem, DailyReport, DayExport, DueTime

BEGINNING = datetime.date(2020, 2, 10)


class AreaFactory(DjangoModelFactory):
    class Meta:
        model = Area

    code = factory.Sequence(lambda number: f"3715{number:02d}")
    name = factory.LazyAttribute(lambda area: f"{area.code}县")
    level = AreaLevel.COUNTY
    parent = None
    path = factory.LazyAttribute(lambda area: f"{area.parent.path if area.parent else ''}{area.code}/")
    is_reporting = factory.LazyAttribute(lambda area: area.level in (AreaLevel.COUNTY, AreaLevel.ZONE))


class BodyFactory(DjangoModelFactory):
    class Meta:
        model = Body

    name = factory.LazyAttribute(lambda body: f"{body.area.name}{body.kind}")
    kind = BodyKind.BUREAU
    area = factory.SubFactory(AreaFactory)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda number: f"person-{number}")
    name = factory.LazyAttribute(lambda user: f"王{user.username}")
    created_at = factory.LazyFunction(clock.now)
    password = factory.django.Password("correct horse battery")


class SignInFactory(DjangoModelFactory):
    class Meta:
        model = SignIn

    user = factory.SubFactory(UserFactory)
    session_key = factory.Sequence(lambda number: f"session-{number}")
    device = "微信 · Android"
    address = "192.0.2.1"
    started_at = factory.LazyFunction(clock.real_now)


class MandateFactory(DjangoModelFactory):
    class Meta:
        model = Mandate

    user = factory.SubFactory(UserFactory)
    area = factory.SubFactory(AreaFactory)
    body = factory.SubFactory(BodyFactory, area=factory.SelfAttribute("..area"))
    role = Role.BUREAU_CLERK
    valid_from = BEGINNING


class EnterpriseFactory(DjangoModelFactory):
    class Meta:
        model = Enterprise

    uscc = factory.Sequence(lambda number: compose_code("371502", f"{number:08d}"))
    name = factory.Sequence(lambda number: f"聊城第{number:04d}纺织有限公司")
    kind = EnterpriseKind.ENTERPRISE
    managing_area = factory.SubFactory(AreaFactory)
    established_on = datetime.date(2012, 5, 8)
    created_at = factory.LazyFunction(clock.now)
    updated_at = factory.SelfAttribute("created_at")


class GrantFactory(DjangoModelFactory):
    class Meta:
        model = EnterpriseGrant

    user = factory.SubFactory(UserFactory)
    enterprise = factory.SubFactory(EnterpriseFactory)
    capacity = GrantCapacity.REPORTER
    valid_from = BEGINNING
    source = "test"
    given_by_name = "test"


class AssignmentFactory(DjangoModelFactory):
    """A resident officer of an enterprise; the grant that it gives is made beside it."""

    class Meta:
        model = Assignment

    kind = "resident"
    valid_from = BEGINNING
    source = "test"
    given_by_name = "test"
    given_at = factory.LazyFunction(clock.now)


class TokenFactory(DjangoModelFactory):
    """A key that may send and read reports; its secret is the attribute `secret`."""

    class Meta:
        model = ApiToken

    owner = factory.SubFactory(UserFactory)
    name = "ERP"
    scopes = factory.LazyFunction(lambda: ["reports:read", "reports:write"])
    hint = "fg_test"
    per_minute = 10_000
    created_at = factory.LazyFunction(clock.real_now)
    expires_at = factory.LazyAttribute(lambda token: token.created_at + datetime.timedelta(days=30))

    @classmethod
    def _create(cls, model, *args, **values):
        secret = f"fg_{secrets.token_urlsafe(32)}"
        token = super()._create(model, *args, secret_hash=secret_hash(secret), **values)
        token.secret = secret
        return token


def kept_sha256(content: bytes) -> str:
    """The hash of a file that is kept with this content."""
    return keep([content]).sha256


def form_content() -> dict:
    """What a small form asks: one check that may fail, a number, and a text if it failed."""
    known = {"ok": Question("select_one", frozenset({"yes", "no"})), "n": Question("integer")}

    def said(text, own=""):
        return {"text": text, "tree": compile_expression(text, known, own)}

    plain = {"hint": {}, "message": {}, "groups": [], "condition": "", "relevant": [], "list": "", "choices": []}
    plain |= {"required": None, "constraint": None, "fail": None}
    choices = [{"value": "yes", "label": {"zh": "合格", "en": "Pass"}}, {"value": "no", "label": {"zh": "不合格"}}]
    only = said("${ok} = 'no'")
    ok = {"name": "ok", "type": "select_one", "label": {"zh": "入厂测温"}, "list": "r", "choices": choices}
    ok |= {"required": {"text": "yes", "tree": ["true"]}, "fail": said(". = 'no'", "ok")}
    rooms = {"name": "n", "type": "integer", "label": {"zh": "隔离房间数"}, "constraint": said(". >= 0", "n")}
    rooms |= {"message": {"zh": "不能是负数"}}
    seen = {
        "name": "seen",
        "type": "text",
        "label": {"zh": "看到了什么"},
        "condition": only["text"],
        "relevant": [only],
    }
    questions = [plain | ok, plain | rooms, plain | seen]
    return {"title": {"zh": "核查表", "en": "Checklist"}, "source": "试", "groups": [], "questions": questions}


class FormFactory(DjangoModelFactory):
    class Meta:
        model = Form
        django_get_or_create = ("code",)

    code = "check"


class FormVersionFactory(DjangoModelFactory):
    class Meta:
        model = FormVersion
        django_get_or_create = ("form", "number")

    form = factory.SubFactory(FormFactory)
    number = 1
    title = factory.LazyAttribute(lambda version: version.content["title"])
    content = factory.LazyFunction(form_content)
    digest = "d"
    file_sha256 = "f"
    file_name = "form-check.xlsx"
    loaded_at = factory.LazyFunction(clock.now)
    loaded_by_name = "王"


class ResponseFactory(DjangoModelFactory):
    class Meta:
        model = Response

    version = factory.SubFactory(FormVersionFactory)
    user = factory.SubFactory(UserFactory)
    user_name = "许志远"
    subject = "registry.enterprise:1"
    subject_name = "东昌府纺织有限公司"
    answers = factory.LazyFunction(lambda: {"ok": "no", "n": "3"})
    failed = factory.LazyFunction(lambda: [{"name": "ok", "label": {"zh": "入厂测温", "en": "Temperature"}}])
    answered_at = factory.LazyFunction(clock.now)
    received_at = factory.LazyAttribute(lambda response: response.answered_at)
    client_key = factory.LazyFunction(uuid.uuid4)


class ImportRunFactory(DjangoModelFactory):
    """An import of a file with two headings and one row."""

    class Meta:
        model = ImportRun

    name = "台账.csv"
    sha256 = "0" * 64
    size = 1
    language = "zh-hans"
    kind = "enterprises"
    actor_id = factory.LazyFunction(lambda: UserFactory().pk)
    actor_name = "test"
    table = factory.LazyFunction(
        lambda: {"header": ["甲", "乙"], "sheets": [], "sheet": "", "found": {}, "unknown": [], "missing": ["name"]}
    )
    counts = factory.LazyFunction(
        lambda: {"read": 1, "new": 1, "changed": 0, "same": 0, "accepted": 1, "warned": 0, "refused": 0}
    )
    uploaded_at = factory.LazyFunction(clock.now)
    written_at = factory.LazyAttribute(lambda run: run.uploaded_at if run.state == "written" else None)


class PlaybookVersionFactory(DjangoModelFactory):
    """A version without content; tests that report or count take the epidemic playbook of the fixture `place`."""

    class Meta:
        model = PlaybookVersion

    code = "epidemic"
    version = factory.Sequence(lambda number: f"2020.{number}")
    effective_from = factory.Sequence(lambda number: BEGINNING + datetime.timedelta(days=number))
    content = factory.LazyFunction(dict)
    digest = factory.LazyAttribute(lambda version: json.dumps([version.code, version.version]))
    loaded_at = factory.LazyFunction(clock.now)


class IncidentFactory(DjangoModelFactory):
    class Meta:
        model = Incident

    slug = factory.Sequence(lambda number: f"incident-{number}")
    name = factory.LazyAttribute(lambda incident: f"事件{incident.slug}")
    area = factory.SubFactory(AreaFactory, level=AreaLevel.CITY)
    playbook_code = "epidemic"
    started_on = BEGINNING


class ReportFactory(DjangoModelFactory):
    """A report as it stands; needs `incident` and `playbook_version`, for both belong to one playbook."""

    class Meta:
        model = DailyReport

    enterprise = factory.SubFactory(EnterpriseFactory)
    day = factory.LazyFunction(clock.today)
    managing_area = factory.SelfAttribute("enterprise.managing_area")
    state = ReportState.OPEN
    closed_reason = factory.LazyAttribute(lambda report: "orders" if report.state == ReportState.CLOSED else "")
    roster = 100
    on_post = factory.LazyAttribute(lambda report: 0 if report.state == ReportState.CLOSED else 80)
    channel = Channel.PHONE
    reported_by_name = "李"
    # At this hour of its own day.
    submitted_at = factory.LazyAttribute(
        lambda report: clock.now() - (clock.today() - datetime.date.fromisoformat(str(report.day)))
    )


class AreaItemFactory(DjangoModelFactory):
    """A county asks how many tents there are, from the beginning on; nobody must answer."""

    class Meta:
        model = AreaItem

    area = factory.SubFactory(AreaFactory)
    name = factory.Sequence(lambda number: f"tents-{number}")
    label_zh = "帐篷"
    label_en = "Tents"
    type = "integer"
    unit = "顶"
    valid_from = BEGINNING
    source = "test"
    decided_by_name = "test"
    decided_at = factory.LazyFunction(clock.now)


class DueTimeFactory(DjangoModelFactory):
    """An area reports by nine from the beginning on; its days do not lock by themselves."""

    class Meta:
        model = DueTime

    area = factory.SubFactory(AreaFactory)
    valid_from = BEGINNING
    due_time = datetime.time(9)
    source = "test"
    decided_by_name = "test"
    decided_at = factory.LazyFunction(clock.now)


class FactFactory(DjangoModelFactory):
    """A dated fact; give `kind` with `number` or `text`."""

    class Meta:
        model = EnterpriseFact

    enterprise = factory.SubFactory(EnterpriseFactory)
    kind = FactKind.HEADCOUNT
    number = factory.LazyAttribute(lambda fact: 100 if fact.kind == FactKind.HEADCOUNT else None)
    valid_from = BEGINNING
    source = "test"
    entered_by_name = "test"
    entered_at = factory.LazyFunction(clock.now)


class ScopeDecisionFactory(DjangoModelFactory):
    class Meta:
        model = ScopeDecision

    enterprise = factory.SubFactory(EnterpriseFactory)
    reason = "moved_away"
    valid_from = BEGINNING
    decided_by_name = "test"
    decided_at = factory.LazyFunction(clock.now)


class ContactFactory(DjangoModelFactory):
    class Meta:
        model = Contact

    enterprise = factory.SubFactory(EnterpriseFactory)
    name = "王芳"
    phone = "13812345678"
    source = "hand"
    entered_by_name = "test"
    entered_at = factory.LazyFunction(clock.now)


class ClosureFactory(DjangoModelFactory):
    """A closing that stands; the enterprise carries its day."""

    class Meta:
        model = Closure
        skip_postgeneration_save = True

    enterprise = factory.SubFactory(EnterpriseFactory)
    closed_on = datetime.date(2020, 3, 20)
    reason = ClosingReason.BANKRUPT
    evidence = "法院公告"
    decided_by_name = "王"
    decided_at = factory.LazyFunction(clock.now)

    @factory.post_generation
    def carried(self, create, extracted, **kwargs):
        self.enterprise.closed_on = self.closed_on
        self.enterprise.save()


class ChangeRequestFactory(DjangoModelFactory):
    """A new name that waits for its answer."""

    class Meta:
        model = ChangeRequest

    enterprise = factory.SubFactory(EnterpriseFactory)
    kind = ChangeKind.NAME
    text = "新名有限公司"
    proposed_by_name = "李"
    proposed_at = factory.LazyFunction(clock.now)


class ExportFactory(DjangoModelFactory):
    class Meta:
        model = ExportRun

    actor = factory.SubFactory(UserFactory)
    day = factory.LazyFunction(clock.today)
    language = "zh-hans"
    expected = 1
    asked_at = factory.LazyFunction(clock.now)


def written_export(user: User) -> ExportRun:
    """A long export of this person that is finished, with its file."""
    run = ExportFactory(actor=user, state=ExportState.WRITTEN, written=1, finished_at=clock.now())
    place = side_path(run.file_name)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(b"a workbook")
    return run


def written_day(place, person: User) -> DayExport:
    """A day that this person asked for as a file, written."""
    run = DayExport.objects.create(
        actor=person,
        incident=place.incident,
        area=place.city,
        day=clock.today(),
        language="en",
        expected=1,
        written=1,
        state=ExportState.WRITTEN,
        asked_at=clock.now(),
        finished_at=clock.now(),
    )
    file = side_path(run.file_name)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"a workbook")
    return run


def RequestFactory(place, **asked):  # noqa: N802  # reads like the other factories
    """A request of the place's enterprise, opened as the enterprise opens it."""
    from fugong.core.viewer import service_viewer
    from fugong.record.desk.actions.opening import Asked, open_request

    return open_request(
        actor=service_viewer("tests"),
        incident=place.incident,
        enterprise=asked.pop("enterprise", place.enterprise),
        asked=Asked(**({"category": "policy", "title": "怎么申请补贴"} | asked)),
    )


def DirectiveFactory(place, **order):  # noqa: N802  # reads like the other factories
    """A directive of the city's headquarters for the bureau of the county."""
    from fugong.command.headquarters.actions.issuing import Order, issue_directive
    from fugong.core.viewer import service_viewer

    values = {
        "title": "落实隔离宿舍",
        "owner_body": place.county.bodies.get(kind=BodyKind.BUREAU),
        "due_at": clock.now() + datetime.timedelta(hours=9),
    }
    return issue_directive(
        actor=service_viewer("tests"),
        incident=place.incident,
        area=place.city,
        issuer_body=place.city.bodies.get(name="聊城市指挥部"),
        order=Order(**(values | order)),
    )


class GrantProposalFactory(DjangoModelFactory):
    """A colleague who waits for an answer."""

    class Meta:
        model = GrantProposal

    enterprise = factory.SubFactory(EnterpriseFactory)
    way = "colleague"
    name = "王小明"
    phone = factory.Sequence(lambda number: f"138{number:08d}")
    proposed_by = factory.SubFactory(UserFactory)
    proposed_at = factory.LazyFunction(clock.now)


def ready_sheet(user: User, area: Area) -> AccessSheet:
    """A sheet of this person that is ready, with its file."""
    sheet = AccessSheet.objects.create(
        area=area,
        actor=user,
        base_url="https://fugong.example.cn/accounts/code/",
        language="zh-hans",
        state="ready",
        cards=1,
        asked_at=clock.now(),
        finished_at=clock.now(),
        codes_until=clock.real_now() + datetime.timedelta(days=7),
    )
    place = side_path(sheet.file_name)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(b"%PDF")
    return sheet


def counted_bulletin(bulletin):
    """The bulletin after the job that counts its figures: the one that was deferred when they were asked for last."""
    if bulletin.figures_asked_at is not None:
        context = SimpleNamespace(job=SimpleNamespace(attempts=0))
        take_figures.func(context, bulletin.pk, bulletin.edited_by_id, bulletin.figures_asked_at.isoformat())
    return Bulletin.objects.get(pk=bulletin.pk)


def made_output(output):
    """A file or list of a bulletin after the job that makes it."""
    make_output.func(SimpleNamespace(job=SimpleNamespace(attempts=0)), output.pk)
    output.refresh_from_db()
    return output


def asked_output(place, area, form: str):
    """What a job makes of a published bulletin of an area, for the clerk of the place; not made yet."""
    where = "in" if area == place.county else "city"
    clerk = viewer_for(place.person(f"bureau_clerk@{where}"), clock.today())
    return bulletin_outputs.ask_for_output(actor=clerk, bulletin=drafted_bulletin(place, area, "published"), form=form)


def drafted_bulletin(place, area, state: str = "draft"):
    """A bulletin of the day in an area, by the clerk of the place; published by the commander of the city."""
    day = clock.today()
    where = "in" if area == place.county else "city"
    clerk = viewer_for(place.person(f"bureau_clerk@{where}"), day)
    span = bulletins.Span("daily", day, day)
    made = counted_bulletin(bulletins.draft_bulletin(actor=clerk, incident=place.incident, area=area, span=span))
    if state != "draft":
        bulletins.submit_bulletin(actor=clerk, bulletin=made)
        made = Bulletin.objects.get(pk=made.pk)
    if state == "published":
        made = publishing.publish_bulletin(actor=viewer_for(place.person("commander@city"), day), bulletin=made)
    return made
