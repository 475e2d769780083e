"""A later line of service at the one desk: a kind with details of its own, and not a line of the desk’s code."""

from __future__ import annotations

from django.urls import reverse

from fugong.record.desk.logic.request_rows import names
from fugong.record.desk.models import Request


def test_asked_on_the_phone_refused_without_its_details_and_shown_with_them(place, permits, client_for, viewer_of):
    phone, address = client_for("reporter"), reverse("desk_my:new", args=[place.enterprise.pk, place.incident.slug])
    assert "何时要用" in phone.get(address).content.decode()
    said = {"category": "permits", "title": "特种设备使用登记", "permit-document": "使用登记证"}
    answer = phone.post(address, said)
    assert answer.status_code == 422
    assert "何时要用" in answer.content.decode()
    assert not Request.objects.exists()
    phone.post(address, said | {"permit-wanted": "2020-04-10"})
    request = Request.objects.get()
    assert (request.kind, request.detail) == ("permit", {"document": "使用登记证", "wanted": "2020-04-10"})
    official = client_for("commander@city").get(reverse("desk:detail", args=[place.incident.slug, request.number]))
    own = phone.get(reverse("desk_my:detail", args=[request.number]))
    for page in (official, own):
        assert "使用登记证，2020-04-10前要用" in page.content.decode()


def test_programs_and_files_ask_for_its_details_too(place, permits, program_for):
    program = program_for("reporter", "requests:read", "requests:write")
    offered = program.get(f"/api/v1/requests/categories?incident={place.incident.slug}").json()["categories"]
    details = next(item for item in offered if item["code"] == "permits")["details"]
    assert [(one["name"], one["type"], one["is_required"]) for one in details] == [
        ("document", "text", True), ("wanted", "date", True),
    ]  # fmt: skip
    assert names().recognise(["事项", "诉求", "证件名称", "何时要用"]).found["permit.wanted"] == 3
