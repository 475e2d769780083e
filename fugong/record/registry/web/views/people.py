"""Who reports for an enterprise, for those who keep the register; and printed sheets of codes for an area."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fugong.base.accounts.models import User
from fugong.record.registry import permissions
from fugong.record.registry.actions.grant_proposals import answer_proposal
from fugong.record.registry.actions.grants import end_grant, give_new_code
from fugong.record.registry.actions.sheets import ask_for_sheet, fetch_sheet, revoke_sheet
from fugong.record.registry.models import Enterprise
from fugong.record.registry.selectors.enterprises import enterprise_for
from fugong.record.registry.selectors.grants import grant_of, people_of, proposal_of_people, waiting_people
from fugong.record.registry.selectors.sheets import areas_for_sheets, sheet_for, sheets_for
from fugong.record.registry.web.forms import SheetForm
from fugong.record.registry.web.tables import grant_proposal_row, grant_row, register_tabs, sheet_row

_CHUNK = 2**18


@require_safe
def people(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Who reports for the enterprise, who did, who gave it, who waits."""
    enterprise = enterprise_for(request.viewer, pk)
    context = {
        "enterprise": enterprise,
        "rows": [grant_row(grant) for grant in people_of(request.viewer, enterprise)],
        "waiting": [grant_proposal_row(one) for one in waiting_people(request.viewer, enterprise)],
        "may": permissions.can_invite_reporter(request.viewer, enterprise),
        "may_end": permissions.can_end_grant(request.viewer, enterprise),
        "back_url": reverse("registry:detail", args=[slug, pk]),
    }
    return render(request, "registry/people.html", context)


@require_POST
def grant_end(request: HttpRequest, slug: str, pk: int, grant: int) -> HttpResponse:
    """This person reports no longer for this enterprise."""
    enterprise = enterprise_for(request.viewer, pk)
    end_grant(actor=request.viewer, grant=grant_of(request.viewer, enterprise, grant))
    messages.success(request, _("Ended: this person reports no longer for this enterprise."))
    return redirect("registry:people", slug, pk)


def code_given(request: HttpRequest, enterprise: Enterprise, username: str, code: str, back_url: str) -> HttpResponse:
    """The page that shows a one-time code this once, on behalf of an enterprise."""
    link = request.build_absolute_uri(f"{reverse('account_code')}?c={code}")
    shown = {"owner": enterprise.name, "username": username, "code": code, "link": link, "back_url": back_url}
    response = render(request, "accounts/code_given.html", shown)
    add_never_cache_headers(response)  # the code is shown this once, also by the browser's Back
    return response


def _shown_once(request: HttpRequest, enterprise: Enterprise, user: User | None, code: str, slug: str) -> HttpResponse:
    back_url = reverse("registry:people", args=[slug, enterprise.pk])
    return code_given(request, enterprise, user.username if user else "", code, back_url)


@require_POST
def grant_code(request: HttpRequest, slug: str, pk: int, grant: int) -> HttpResponse:
    """A new code for a reporter who lost the sheet or forgot the PIN."""
    enterprise = enterprise_for(request.viewer, pk)
    found = grant_of(request.viewer, enterprise, grant)
    code = give_new_code(actor=request.viewer, grant=found)
    return _shown_once(request, enterprise, found.user, code, slug)


@require_POST
def proposal_answer(request: HttpRequest, slug: str, pk: int, number: int) -> HttpResponse:
    """Confirm or refuse somebody who shall report."""
    enterprise = enterprise_for(request.viewer, pk)
    found = proposal_of_people(request.viewer, enterprise, number)
    confirm = "confirm" in request.POST
    try:
        code = answer_proposal(
            actor=request.viewer, proposal=found, confirm=confirm, answer=request.POST.get("answer", "")[:500]
        )
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
        return redirect("registry:people", slug, pk)
    if code:
        newest = next(
            (grant.user for grant in people_of(request.viewer, enterprise) if grant.user.name == found.name), None
        )
        return _shown_once(request, enterprise, newest, code, slug)
    messages.success(request, _("Confirmed.") if confirm else _("Refused."))
    return redirect("registry:people", slug, pk)


@require_http_methods(["GET", "HEAD", "POST"])
def sheets(request: HttpRequest, slug: str) -> HttpResponse:
    """Printed sheets of one-time codes: ask for one, see the earlier ones."""
    permissions.can_register_enterprise(request.viewer).require()
    form = SheetForm(areas_for_sheets(request.viewer), request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            ask_for_sheet(
                actor=request.viewer,
                area=form.cleaned_data["area"],
                everybody=form.cleaned_data["everybody"],
                base_url=request.build_absolute_uri(reverse("account_code")),
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect("registry:sheets", slug)
    rows = [sheet_row(one, request.viewer.id) for one in sheets_for(request.viewer)]
    context = {
        "form": form,
        "rows": rows,
        "at_work": any(row["at_work"] for row in rows),
        "tabs": register_tabs(slug, "sheets"),
        "slug": slug,
    }
    if request.headers.get("HX-Request") == "true":
        return render(request, "registry/includes/sheet_rows.html", context)
    return render(request, "registry/sheets.html", context, status=422 if form.errors else 200)


def _chunks(place: Path) -> Iterator[bytes]:
    with place.open("rb") as file:
        yield from iter(lambda: file.read(_CHUNK), b"")


@require_POST
def sheet_file(request: HttpRequest, slug: str, pk: int) -> StreamingHttpResponse:
    """The PDF, to the one who asked for it; on record."""
    place = fetch_sheet(actor=request.viewer, sheet=sheet_for(request.viewer, pk))
    if place is None:
        raise Http404(pk)
    headers = {"Content-Disposition": f'attachment; filename="sheet-{pk}.pdf"', "Cache-Control": "private, no-store"}
    return StreamingHttpResponse(_chunks(place), content_type="application/pdf", headers=headers)


@require_POST
def sheet_revoke(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A lost sheet: its unused codes are void."""
    count = revoke_sheet(actor=request.viewer, sheet=sheet_for(request.viewer, pk))
    messages.success(request, _("Taken back: %(count)d unused codes are void.") % {"count": count})
    return redirect("registry:sheets", slug)
