"""`/api/v1/requests/`: what can be asked for, asking it, how it stands, a word, a rating."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import Header, Query, Router

from fugong.base.tokens.actions import answer_once
from fugong.core import clock
from fugong.core.decision import OutOfScope
from fugong.core.interface import Fault, Refused, with_scope
from fugong.core.registries import request_kinds
from fugong.record.desk.actions.ending import add_word, rate_request
from fugong.record.desk.actions.opening import Asked, open_request
from fugong.record.desk.enums import Channel
from fugong.record.desk.logic.details import BadDetail
from fugong.record.desk.logic.section import DeskSection, NobodyToTurnTo
from fugong.record.desk.selectors.queue import own_page, own_request, own_whole
from fugong.record.desk.selectors.rules import NoDesk, section_on
from fugong.record.desk.web.api import schemas
from fugong.record.incidents.models import Incident
from fugong.record.incidents.selectors import open_with_playbooks
from fugong.record.registry.selectors.grants import my_enterprise_coded

router = Router()
READ, WRITE = "requests:read", "requests:write"
_PAGE = 100
Key = Annotated[str, Header(alias="Idempotency-Key", max_length=200)]


def _desk(slug: str) -> tuple[Incident, DeskSection]:
    """An open incident that has a desk, by its short name."""
    incident = next((item for item in open_with_playbooks(clock.today()) if item.slug == slug), None)
    try:
        if incident is not None:
            return incident, section_on(incident, clock.today())
    except NoDesk:
        pass
    raise OutOfScope(f"incident {slug}")


def _or_refused(field: str, work: Callable[[], Any]) -> Any:
    """What the action returns; what it refuses in words, as the interface says it."""
    try:
        return work()
    except BadDetail as error:
        faults = [Fault(f"detail.{name}", words, _("See /requests/categories")) for name, words in error.faults.items()]
        raise Refused(faults) from error
    except ValidationError as error:
        raise Refused([Fault(field, words, _("Read the request again")) for words in error.messages]) from error
    except NobodyToTurnTo as error:
        why = _("No body is set up that could take it. An administrator sets one up first.")
        raise Refused([Fault("category", why, _("Call the bureau"))]) from error


@router.get(
    "/categories",
    response=schemas.CategoriesOut,
    url_name="requests_categories",
    description=gettext_lazy("What can be asked for in an incident today, with the details that each kind asks."),
)
@with_scope(READ)
def categories(request: HttpRequest, incident: Annotated[str, Query(max_length=200)]) -> Any:
    """What can be asked for in an incident today, with the details that each kind asks."""
    found, section = _desk(incident)
    parents = {item.parent for item in section.categories}
    return {
        "incident": found.slug,
        "categories": [
            {
                "code": item.code,
                "label": section.label(item.code),
                "kind": item.kind,
                "details": [
                    {"name": one.name, "type": one.type, "label": str(one.label), "is_required": one.is_required}
                    for one in request_kinds[item.kind].fields
                ],
            }
            for item in section.categories
            if item.code not in parents
        ],
    }


@router.get(
    "/",
    response=schemas.RequestsOut,
    url_name="requests",
    description=gettext_lazy("The requests of the key's enterprises, the newest first, a hundred at a time."),
)
@with_scope(READ)
def own(
    request: HttpRequest,
    enterprise: Annotated[str, Query(max_length=200)] = "",
    state: Literal["", "received", "in_work", "answered", "watching", "ended"] = "",
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
) -> Any:
    """The requests of the key's enterprises, the newest first, a hundred at a time."""
    only = my_enterprise_coded(request.viewer, enterprise) if enterprise else None
    rows = own_page(request.viewer, only.pk if only else None, state, before, _PAGE + 1)
    page = rows[:_PAGE]
    return {
        "requests": [schemas.RequestOut.of(row) for row in page],
        "next": page[-1].pk if len(rows) > _PAGE else None,
    }


@router.post(
    "/",
    response=schemas.RequestOut,
    description=gettext_lazy(
        "Ask for something for one enterprise. The same Idempotency-Key opens and answers it once."
    ),
)
@with_scope(WRITE)
def ask(request: HttpRequest, body: schemas.RequestIn, key: Key = "") -> Any:
    """Ask for something for one enterprise. The same Idempotency-Key opens and answers it once."""
    return _once(request, key, "POST requests", body, lambda: _opened(request, body))


def _once(request: HttpRequest, key: str, what: str, body: Any, work: Callable[[], Any]) -> Any:
    content = body.model_dump(mode="json")
    answer, _replayed = answer_once(
        actor=request.viewer, key=key, what=what, content=content, work=lambda: work().model_dump(mode="json")
    )
    return answer


def _opened(request: HttpRequest, body: schemas.RequestIn) -> schemas.RequestOut:
    enterprise = my_enterprise_coded(request.viewer, body.enterprise)
    incident, section = _desk(body.incident)
    if not enterprise.managing_area.path.startswith(incident.area.path):
        raise OutOfScope(f"incident {body.incident}")
    category = section.category(body.category)
    if category is None:
        raise Refused([Fault("category", _("Choose what it is about."), _("See /requests/categories"))])
    known = {field.name for field in request_kinds[category.kind].fields}
    if surplus := sorted(set(body.detail) - known):
        why = _("This category asks no such detail")
        raise Refused([Fault(f"detail.{name}", why, _("See /requests/categories")) for name in surplus])
    asked = Asked(
        category=category.code,
        title=body.title,
        text=body.text,
        detail=body.detail,
        people_waiting=body.people_waiting,
        channel=Channel.API,
        client_key=body.client_key,
    )
    made = _or_refused(
        "title", lambda: open_request(actor=request.viewer, incident=incident, enterprise=enterprise, asked=asked)
    )
    return schemas.RequestOut.of(made)


@router.get(
    "/{slug:number}",
    response=schemas.WholeOut,
    url_name="request",
    description=gettext_lazy("One request with what happened to it, as its enterprise reads it."),
)
@with_scope(READ)
def one(request: HttpRequest, number: str) -> Any:
    """One request with what happened to it, as its enterprise reads it."""
    return schemas.WholeOut.of_whole(own_whole(request.viewer, number))


@router.post(
    "/{slug:number}/words",
    response=schemas.RequestOut,
    url_name="request_words",
    description=gettext_lazy("Add a word to an open request; whoever works on it reads it."),
)
@with_scope(WRITE)
def word(request: HttpRequest, number: str, body: schemas.WordIn, key: Key = "") -> Any:
    """Add a word to an open request; whoever works on it reads it."""
    found = own_request(request.viewer, number)

    def work() -> schemas.RequestOut:
        said = _or_refused("text", lambda: add_word(actor=request.viewer, request=found, text=body.text))
        return schemas.RequestOut.of(said)

    return _once(request, key, f"POST requests/{found.number}/words", body, work)


@router.post(
    "/{slug:number}/rating",
    response=schemas.RequestOut,
    url_name="request_rating",
    description=gettext_lazy("Say what came of an answered request, once per round; the same again changes nothing."),
)
@with_scope(WRITE)
def rating(request: HttpRequest, number: str, body: schemas.RatingIn, key: Key = "") -> Any:
    """Say what came of an answered request, once per round; the same again changes nothing."""
    found = own_request(request.viewer, number)

    def work() -> schemas.RequestOut:
        said = body.model_dump()
        _or_refused("outcome", lambda: rate_request(actor=request.viewer, request=found, **said))
        return schemas.RequestOut.of(own_request(request.viewer, number))

    return _once(request, key, f"POST requests/{found.number}/rating", body, work)
