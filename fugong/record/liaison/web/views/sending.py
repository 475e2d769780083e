"""A visit and a request on the spot: by the form, or kept on the phone without a network and sent when it is back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fugong.base.questionnaires.actions.responses import AnswersRefused
from fugong.core import clock
from fugong.core.decision import Denied, OutOfScope
from fugong.record.desk.actions.opening import Asked, open_request
from fugong.record.desk.enums import Channel
from fugong.record.desk.models import Request
from fugong.record.desk.selectors.needs import request_sent
from fugong.record.desk.selectors.rules import NoDesk, section_on
from fugong.record.liaison.actions.checks import Filled
from fugong.record.liaison.actions.photos import add_photo
from fugong.record.liaison.actions.visits import Told, record_visit
from fugong.record.liaison.enums import Way
from fugong.record.liaison.selectors.day_sheet import Card, own_card
from fugong.record.liaison.selectors.section import field_section
from fugong.record.liaison.selectors.visits import visit_sent
from fugong.record.liaison.web.forms import PhotoForm, SpotForm, VisitForm
from fugong.record.liaison.web.views.checks import Wrong, asked_lists, filled_in, refusal_words
from fugong.record.liaison.web.views.field import mine, offline
from fugong.record.liaison.web.views.visits import jpeg

# More than any playbook can reasonably allow: what is larger is not read whole.
_MOST_BYTES = 32 * 2**20


def _card(request: HttpRequest, pk: int) -> Card:
    mine(request.viewer)
    card = own_card(request.viewer, pk)
    if card.incident is None:
        raise Http404
    return card


def _told(form: VisitForm, filled: tuple[Filled, ...]) -> Told:
    values = form.cleaned_data
    return Told(
        way=values["way"],
        purpose=values["purpose"],
        key=values["client_key"],
        phone_time=values["phone_time"],
        phone_now=values["phone_now"],
        spoke_with=values["spoke_with"],
        findings=values["findings"],
        seen_people=values["seen_people"],
        latitude=values["latitude"],
        longitude=values["longitude"],
        checks=filled,
    )


def _keep_visit(request: HttpRequest, card: Card, form: VisitForm, filled: tuple[Filled, ...]) -> str:
    """Keep it; what became of it, in one sentence."""
    assert card.incident is not None
    told = _told(form, filled)
    visit = record_visit(actor=request.viewer, incident=card.incident, enterprise=card.enterprise, told=told)
    if visit.contradicts:
        words = _("Kept. You saw %(seen)d people, it reported %(reported)d: marked for the office.")
        return words % {"seen": visit.seen_people, "reported": visit.reported_people}
    return _("Kept.")


@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """What was seen at the gate or heard on the telephone."""
    card = _card(request, pk)
    initial = {"way": request.GET.get("way", Way.VISIT), "client_key": uuid4()}
    form = VisitForm(request.POST or None, initial=initial)
    filled = filled_in(request, form)
    wrong: Wrong = {}
    if form.is_valid():
        try:
            with transaction.atomic():
                words = _keep_visit(request, card, form, filled)
                _add_photos(request, form.cleaned_data["client_key"])
            messages.success(request, words)
        except ValidationError as error:
            form.add_error(None, error.messages)
        except AnswersRefused as error:
            wrong = {error.version.form.code: error.outcome.wrong}
            form.add_error(None, refusal_words(error))
        else:
            return redirect("field:today")
    context = {
        "what": _("Visit"),
        "send_word": _("Keep the visit"),
        "asks_place": True,
        "lists": asked_lists(request, card, wrong),
        "photo_url": reverse("field:send_photo", args=[pk]),
        "most_photos": field_section(card.incident, clock.today()).most_photos,
        "form": form,
        "card": card,
        "send_url": reverse("field:send_visit", args=[pk]),
        "back_url": reverse("field:enterprise", args=[pk]),
        "offline": offline([reverse("field:today")]),
    }
    return render(request, "liaison/told.html", context, status=422 if form.errors else 200)


def _refused(text: str) -> HttpResponse:
    return JsonResponse({"state": "refused", "text": text}, status=422)


def _received() -> HttpResponse:
    return JsonResponse({"state": "received", "url": reverse("field:today")})


def _faults(form: Any) -> str:
    """What is wrong, field by field, in one line."""
    said = list(form.non_field_errors())
    said += [f"{field.label}：{text}" for field in form for text in field.errors]
    return " ".join(said)


def _sent(request: HttpRequest, pk: int, form: Any, keep: Callable[[Card], object]) -> HttpResponse:
    """The answer to what the phone kept: received (also when it has arrived before), or refused with the reason."""
    try:
        card = _card(request, pk)
        if not form.is_valid():
            return _refused(_faults(form))
        keep(card)
        if form.errors:
            return _refused(_faults(form))
    except (Http404, OutOfScope):
        return _refused(_("You do not look after this enterprise any more. Tell its new officer what you saw."))
    except ValidationError as error:
        return _refused(" ".join(error.messages))
    except AnswersRefused as error:
        return _refused(refusal_words(error))
    except Denied as error:
        return _refused(str(error))
    return _received()


@require_POST
def send_visit(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a visit that the phone has kept. One that has arrived stays received, whoever has the enterprise now."""
    form = VisitForm(request.POST)
    filled = filled_in(request, form)
    if form.is_valid() and visit_sent(request.viewer, form.cleaned_data["client_key"]):
        return _received()
    return _sent(request, pk, form, lambda card: _keep_visit(request, card, form, filled))


def _add_photos(request: HttpRequest, key: UUID) -> None:
    """The photos that came with the form itself, where the phone keeps nothing. Raises `ValidationError`."""
    found = visit_sent(request.viewer, key)
    assert found is not None
    for number, photo in enumerate(request.FILES.getlist("photos")):
        add_photo(actor=request.viewer, visit=found, key=uuid5(key, str(number)), content=_bytes(photo))


def _bytes(photo: UploadedFile) -> bytes:
    """What was uploaded, and one byte more than anybody may send, so that too much is seen as too much."""
    return photo.read(_MOST_BYTES)


@require_POST
def send_photo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a photo that the phone has kept. One that is here before its visit waits on the phone."""
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return _refused(_faults(form))
    values = form.cleaned_data
    found = visit_sent(request.viewer, values["visit_key"])
    if found is None:
        try:
            _card(request, pk)
        except (Http404, OutOfScope):
            return _refused(_("You do not look after this enterprise any more. Tell its new officer what you saw."))
        return JsonResponse({"state": "later", "text": _("The photo waits for its visit.")})
    try:
        content = _bytes(values["photo"])
        add_photo(actor=request.viewer, visit=found, key=values["client_key"], content=content)
    except ValidationError as error:
        return _refused(" ".join(error.messages))
    return _received()


@require_safe
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """A photo of a visit, in the hand."""
    return jpeg(request.viewer, pk)


def _spot_form(card: Card, data: Any = None) -> SpotForm:
    assert card.incident is not None
    return SpotForm(section_on(card.incident, clock.today()), data, initial={"client_key": uuid4()})


def _open(request: HttpRequest, card: Card, form: SpotForm) -> Request | None:
    """Open it; None when it was refused, with each reason beside its field."""
    incident = card.incident
    assert incident is not None
    values = form.cleaned_data
    asked = Asked(
        category=values["category"],
        title=values["title"],
        text=values["text"],
        detail=form.detail(),
        people_waiting=values["people_waiting"],
        channel=Channel.OFFICIAL,
        client_key=values["client_key"],
        asked_by_name=values["spoke_with"],
    )
    return form.sent(
        lambda: open_request(actor=request.viewer, incident=incident, enterprise=card.enterprise, asked=asked)
    )


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a request at the gate, in the enterprise's name."""
    card = _card(request, pk)
    try:
        form = _spot_form(card, request.POST or None)
    except NoDesk as error:
        raise Http404 from error
    made = _open(request, card, form) if form.is_valid() else None
    if made is not None:
        words = _("Entered as %(number)s, with %(body)s.") % {"number": made.number, "body": made.owner_body}
        messages.success(request, words)
        return redirect("field:enterprise", pk)
    context = {
        "what": _("Request"),
        "send_word": _("Open the request"),
        "asks_place": False,
        "lists": [],
        "photo_url": "",
        "most_photos": 0,
        "form": form,
        "card": card,
        "send_url": reverse("field:send_ask", args=[pk]),
        "back_url": reverse("field:enterprise", args=[pk]),
        "offline": offline([reverse("field:today")]),
    }
    return render(request, "liaison/told.html", context, status=422 if form.errors else 200)


@require_POST
def send_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a request that the phone has kept. One that has arrived stays received, whoever has the enterprise now."""
    if request_sent(request.viewer, pk, request.POST.get("client_key", "")):
        return _received()
    try:
        form = _spot_form(_card(request, pk), request.POST)
    except (Http404, OutOfScope, NoDesk):
        return _refused(_("You do not look after this enterprise any more. Tell its new officer what you saw."))
    return _sent(request, pk, form, lambda card: _open(request, card, form))
