"""The interface under `/api/v1/`: the routers that rooms register, one form of errors, its own description."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, ValidationError
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError
from ninja.errors import ValidationError as Malformed
from ninja.responses import NinjaJSONEncoder

from fugong.base.tokens.actions import KeyReused
from fugong.core.decision import Denied, OutOfScope, Text
from fugong.core.interface import Fault, NoKey, Refused, TooMany
from fugong.core.registries import api_routers

PROBLEM = "application/problem+json"
_RETRY_SECONDS = 60


class FaultOut(Schema):
    field: str
    reason: str
    mend: str


class Problem(Schema):
    """RFC 9457, with the faults of the fields."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FaultOut]


# What every operation may answer besides 200.
PROBLEMS = {
    400: gettext_lazy("What was sent cannot be read."),
    401: gettext_lazy("The key is missing, wrong, expired or revoked."),
    403: gettext_lazy("The key lacks the right."),
    404: gettext_lazy("There is no such thing for this key."),
    409: gettext_lazy("The idempotency key was used for another request."),
    422: gettext_lazy("The fields say something that cannot be; each fault names its field."),
    429: gettext_lazy("The key was used too often within this minute."),
    503: gettext_lazy("Another request holds the same rows. Send it again."),
}


def problem(status: int, detail: Text, faults: tuple[Fault, ...] = ()) -> HttpResponse:
    """An error as problem+json in the language of the request."""
    body = {
        "type": f"/api/v1/docs#problem-{status}",
        "title": str(PROBLEMS.get(status, detail)),
        "status": status,
        "detail": str(detail),
        "errors": [{"field": fault.field, "reason": str(fault.reason), "mend": str(fault.mend)} for fault in faults],
    }
    response = HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=PROBLEM)
    response["Cache-Control"] = "private, no-store"
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="fugong"'
    if status in (429, 503):
        response["Retry-After"] = str(_RETRY_SECONDS if status == 429 else 1)
    return response


def _said(error: dict[str, Any]) -> Fault:
    """A finding of the parser in our words."""
    place = [str(part) for part in error["loc"] if part not in ("body", "query", "header", "path")]
    name, kind, ctx = ".".join(place), error["type"], error.get("ctx", {})
    bound = next((ctx[key] for key in ("ge", "le", "gt", "lt", "max_length", "min_length") if key in ctx), "")
    words = {
        "missing": (_("The field is missing"), _("Send it")),
        "extra_forbidden": (_("There is no such field"), _("Leave it out, or check its name")),
        "greater_than_equal": (_("It is less than %(bound)s") % {"bound": bound}, _("Check the number")),
        "less_than_equal": (_("It is more than %(bound)s") % {"bound": bound}, _("Check the number")),
        "string_too_long": (_("It has more than %(bound)s characters") % {"bound": bound}, _("Shorten it")),
        "too_long": (_("There are more than %(bound)s entries") % {"bound": bound}, _("Send them in parts")),
        "too_short": (_("There are fewer than %(bound)s entries") % {"bound": bound}, _("Send at least one")),
    }
    if kind in words:
        reason, mend = words[kind]
    elif kind.startswith(("int", "decimal", "float")):
        reason, mend = _("It is no such number"), _("Send a number without unit, as the description says")
    elif kind.startswith(("date", "time")):
        reason, mend = _("It is no date or time"), _("Write 2020-03-24, or 16:00")
    else:
        reason, mend = _("It is not of the kind that is asked for"), _("See the description of the interface")
    return Fault(name, str(reason), str(mend))


def _answer(error: Exception) -> HttpResponse | None:
    """The problem that an exception of the house means; None for what is no house's."""
    match error:
        case Malformed():
            return problem(422, PROBLEMS[422], tuple(_said(one) for one in error.errors))
        case Refused():
            return problem(422, PROBLEMS[422], error.faults)
        case ValidationError():
            return problem(422, " ".join(error.messages))
        case NoKey():
            return problem(401, _("Send the header Authorization: Bearer and a key that stands."))
        case TooMany():
            return problem(429, _("Wait a minute, or send many reports at once by /reports/batch."))
        case Denied():
            return problem(403, error.reason)
        case OutOfScope() | Http404():
            return problem(404, PROBLEMS[404])
        case KeyReused():
            return problem(409, _("Send another request under a new Idempotency-Key."))
        case RequestDataTooBig():
            return problem(400, _("It is larger than is taken at once. Send it in parts."))
        case BadRequest():
            return problem(400, PROBLEMS[400])
        case HttpError():
            return problem(error.status_code, PROBLEMS.get(error.status_code, str(error)))
        case OperationalError():
            return _held_up(error)
    return None


def _held_up(error: OperationalError) -> HttpResponse | None:
    """A lock or a statement took too long: nothing was done, and a moment later it may well be."""
    if getattr(error.__cause__, "sqlstate", "") in ("55P03", "57014", "40P01", "40001"):
        return problem(503, PROBLEMS[503])
    return None


class Interface(NinjaAPI):
    """Our addresses only: no start page, no documentation from elsewhere; errors in our form."""

    def on_exception(self, request: HttpRequest, exc: Exception) -> HttpResponse:
        """The answer to an exception; one that is nobody's goes on, to the log and as 500."""
        answer = _answer(exc)
        if answer is None:
            raise exc
        return answer

    def patterns(self) -> list[Any]:
        """The addresses of the routers, open to requests without a session: the key says who comes."""
        # Ninja names an address once per method; the name of the first one stands for all.
        by_route = {str(pattern.pattern): pattern for pattern in reversed(self.urls[0]) if pattern.name != "api-root"}
        # A word of its own before a place for any word: /requests/categories is no number of a request.
        found = [by_route[route] for route in sorted(by_route, key=lambda route: route.replace("<", "~"))]
        for pattern in found:
            pattern.callback.login_required = False
        return found


@cache
def interface() -> Interface:
    """The interface with the routers of all rooms; made once per process."""
    autodiscover_modules("web.api")
    api = Interface(
        title="Fugong",
        version="1",
        openapi_url=None,
        docs_url=None,
        urls_namespace="api",
        servers=[{"url": "/"}],
    )
    for entry in sorted(api_routers.values(), key=lambda entry: entry.order):
        api.add_router(f"/{entry.prefix}/", entry.router, tags=[entry.prefix])
    return api


def described() -> dict[str, Any]:
    """The OpenAPI description in the active language."""
    schema = interface().get_openapi_schema(path_prefix="/api/v1/")
    found = json.loads(json.dumps(schema, cls=_Lazy))
    parts = found.setdefault("components", {})
    parts.setdefault("schemas", {})["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    parts["schemas"]["FaultOut"] = parts["schemas"]["Problem"].pop("$defs", {}).get("FaultOut", {})
    parts["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in found["paths"].values():
        for operation in operations.values():
            operation["security"] = [{"key": []}]
            for status, words in PROBLEMS.items():
                operation["responses"][str(status)] = {"description": str(words), "content": content}
    return found


class _Lazy(NinjaJSONEncoder):
    def default(self, o: Any) -> Any:
        return str(o) if isinstance(o, Promise) else super().default(o)
