"""The queue of a body, entering a request, finding the caller."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fugong.base.accounts.selectors import body_by_id
from fugong.base.areas.selectors import area_tree
from fugong.core import clock
from fugong.record.desk import permissions
from fugong.record.desk.actions.exporting import export_queue
from fugong.record.desk.actions.opening import Asked, open_request
from fugong.record.desk.enums import Channel
from fugong.record.desk.models import Request
from fugong.record.desk.selectors.callers import callers_like
from fugong.record.desk.selectors.piles import PILES, QueueFilter, page_of, pile_counts
from fugong.record.desk.selectors.queue import clock_of, open_of, roots_for, weights
from fugong.record.desk.selectors.rules import section_on
from fugong.record.desk.web import tables
from fugong.record.desk.web.forms import EnterForm
from fugong.record.registry.models import Enterprise
from fugong.record.registry.selectors.enterprises import enterprise_for

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _pile_labels() -> dict[str, str]:
    return {
        "mine": _("For us to do"),
        "overdue": _("Overdue"),
        "soon": _("Due within two days"),
        "offered": _("Offered to us"),
        "parts": _("Our parts"),
        "waiting": _("Waiting for the enterprise"),
        "watching": _("Watched"),
        "all": _("All open ones of the area"),
    }


def _wanted(request: HttpRequest) -> QueueFilter:
    """The filter in the address; words that mean nothing narrow nothing."""
    get = request.GET
    pile = get.get("pile", "")
    root = get.get("root", "")
    area = area_tree().by_code(request.scope.area_code) if request.scope.area_code else None
    return QueueFilter(
        pile=pile if pile in PILES else ("mine" if request.viewer.body_ids else "all"),
        category=get.get("category", "")[:50],
        area=area,
        channel=get.get("channel", "") if get.get("channel", "") in Channel.values else "",
        root=int(root) if root.isdecimal() and len(root) < 10 else None,
        text=get.get("q", "").strip()[:50],
    )


def _query(request: HttpRequest, wanted: QueueFilter, **changes: Any) -> str:
    values = {
        "pile": wanted.pile,
        "category": wanted.category,
        "channel": wanted.channel,
        "root": wanted.root or "",
        "q": wanted.text,
        "area": request.scope.area_code,
    } | changes
    return "?" + urlencode({key: value for key, value in values.items() if value not in ("", None)})


@require_safe
def queue(request: HttpRequest, slug: str) -> HttpResponse:
    """What lies on the desk of the viewer’s bodies, what falls due first at the top; paged by key."""
    viewer, incident = request.viewer, request.scope.incident
    permissions.can_see_requests(viewer).require()
    wanted, section = _wanted(request), section_on(incident, clock.today())
    page = page_of(viewer, incident, wanted, request.GET.get("after", ""))
    counts, labels = pile_counts(viewer, incident), _pile_labels()
    heavy = weights(viewer, incident)
    context = {
        "piles": [
            {
                "label": labels[pile],
                "count": counts[pile],
                "url": _query(request, wanted, pile=pile, root=""),
                "current": pile == wanted.pile and wanted.root is None,
            }
            for pile in ("mine", "overdue", "soon", "offered", "parts", "waiting", "watching", "all")
        ],
        "rows": [tables.request_row(row, clock_of(row, section.risk_percent), section, slug) for row in page.rows],
        "next_url": _query(request, wanted, after=page.after) if page.after else "",
        "weights": [tables.weight_row(item, slug, heavy[0].people) for item in heavy],
        "categories": [(item.code, section.label(item.code)) for item in section.categories],
        "channels": Channel.choices,
        "wanted": wanted,
        "count": counts[wanted.pile],
        "may_enter": permissions.can_take_request(viewer),
        "new_url": reverse("desk:new", args=[slug]),
        "import_url": reverse("imports:start", args=[slug, "requests"]) if permissions.can_take_request(viewer) else "",
        "people_url": reverse("desk:people", args=[slug]) if viewer.body_ids else "",
        "service_url": reverse("desk:service", args=[slug]),
        "routes_url": reverse("desk:routes", args=[slug]),
        "gather_url": reverse("desk:gather", args=[slug]),
        "export_url": reverse("desk:export", args=[slug]) + _query(request, wanted),
        "roots": roots_for(viewer, incident),
    }
    return render(request, "desk/queue.html", context)


@require_POST
def export(request: HttpRequest, slug: str) -> HttpResponse:
    """The queue as narrowed, as a workbook."""
    content = export_queue(actor=request.viewer, incident=request.scope.incident, wanted=_wanted(request))
    name = quote(_("requests-%(day)s.xlsx") % {"day": clock.today().isoformat()})
    return HttpResponse(
        content, content_type=XLSX, headers={"Content-Disposition": f"attachment; filename*=utf-8''{name}"}
    )


def _caller_rows(request: HttpRequest, slug: str) -> list[dict[str, Any]]:
    found = callers_like(request.viewer, request.GET.get("q", ""), request.scope.incident)
    return [
        {
            "name": caller.enterprise.name,
            "code": caller.enterprise.code,
            "area": str(caller.enterprise.managing_area),
            "who": caller.reporters,
            "open": caller.open_requests,
            "url": reverse("desk:enter", args=[slug, caller.enterprise.pk]),
        }
        for caller in found
    ]


@require_safe
def callers(request: HttpRequest, slug: str) -> HttpResponse:
    """Enterprises whose name, code or reporter’s phone begins or holds what is typed; fetched as one types."""
    permissions.can_take_request(request.viewer).require()
    context = {"rows": _caller_rows(request, slug), "asked": request.GET.get("q", "").strip()}
    return render(request, "desk/includes/callers.html", context)


@require_safe
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """The hotline console: who is calling? Found as one types; Enter takes the only one that is found."""
    permissions.can_take_request(request.viewer).require()
    rows = _caller_rows(request, slug)
    if len(rows) == 1:
        return redirect(rows[0]["url"])
    context = {
        "rows": rows,
        "asked": request.GET.get("q", "").strip()[:50],
        "callers_url": reverse("desk:callers", args=[slug]),
        "queue_url": reverse("desk:queue", args=[slug]),
    }
    return render(request, "desk/new.html", context)


def _entered(request: HttpRequest, enterprise: Enterprise, form: EnterForm) -> Request | None:
    """The request that the form enters; None when it cannot be, with the reasons in the form."""
    viewer, values = request.viewer, form.cleaned_data
    asked = Asked(
        category=values["category"],
        title=values["title"],
        text=values["text"],
        detail=form.detail(),
        people_waiting=values["people_waiting"],
        channel=Channel.HOTLINE if values["hotline"] else Channel.OFFICIAL,
        client_key=values["key"],
        asked_by_name=values["caller"],
        first_contact=body_by_id(min(viewer.body_ids)) if viewer.body_ids else None,
    )
    return form.sent(
        lambda: open_request(actor=viewer, incident=request.scope.incident, enterprise=enterprise, asked=asked)
    )


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What the caller, or the enterprise at the gate, asks for; what it has on the desk already stands beside it."""
    permissions.can_take_request(request.viewer).require()
    incident, viewer = request.scope.incident, request.viewer
    enterprise = enterprise_for(viewer, pk)
    section = section_on(incident, clock.today())
    form = EnterForm(section, request.POST or None)
    made = _entered(request, enterprise, form) if form.is_valid() else None
    if made is not None:
        words = _("Entered as %(number)s, with %(body)s.") % {"number": made.number, "body": made.owner_body}
        messages.success(request, words)
        return redirect("desk:new", slug) if request.POST.get("next") else redirect("desk:detail", slug, made.number)
    context = {
        "form": form,
        "enterprise": enterprise,
        "known": tables.open_rows(open_of(viewer, incident, enterprise.pk), section, slug),
        "new_url": reverse("desk:new", args=[slug]),
        "queue_url": reverse("desk:queue", args=[slug]),
    }
    return render(request, "desk/enter.html", context, status=422 if form.errors else 200)
