"""Photos of visits: written anew, sent once, in any order, seen by those who see the visit."""

from __future__ import annotations

import hashlib
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from fugong.base.accounts.selectors import viewer_for
from fugong.base.attachments.models import Attachment
from fugong.core import clock
from fugong.core.decision import Denied
from fugong.core.files import kept_path
from fugong.record.desk.models import Request
from fugong.record.liaison.actions.assigning import end_assignments
from fugong.record.liaison.actions.photos import add_photo
from fugong.record.liaison.actions.visits import Told, record_visit
from fugong.record.liaison.models import Assignment, Visit, VisitPhoto
from tests.tools import in_english, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(place, person, give):
    user = person("许志远")
    give(user, [place.enterprise])
    return user


@pytest.fixture
def viewer(officer):
    return viewer_for(officer, clock.today())


@pytest.fixture
def visit(place, viewer):
    told = Told(way="visit", purpose="round", key=uuid4(), findings="正常")
    return record_visit(actor=viewer, incident=place.incident, enterprise=place.enterprise, told=told)


@pytest.fixture
def client(client, officer):
    client.force_login(officer)
    return in_english(client)


def sent(client, place, visit_key, key=None, content=None):
    data = {"visit_key": visit_key, "client_key": key or uuid4()}
    data["photo"] = SimpleUploadedFile("x.jpg", content or picture(), "image/jpeg")
    return client.post(reverse("field:send_photo", args=[place.enterprise.pk]), data)


def told_fields(key) -> dict:
    return {"way": "visit", "purpose": "round", "findings": "正常", "client_key": key}


class TestPhoto:
    def test_place_and_phone_stay_behind(self, visit, viewer):
        exif = Image.Exif()
        exif[0x0110] = "Phone of 许志远"
        exif.get_ifd(0x8825)[1] = "N"
        came = picture((3200, 2000), exif=exif.tobytes())
        assert b"Phone" in came
        photo = add_photo(actor=viewer, visit=visit, key=uuid4(), content=came)
        stored = kept_path(photo.attachment.sha256).read_bytes()
        assert b"Phone" not in stored
        assert hashlib.sha256(stored).hexdigest() == photo.attachment.sha256
        with Image.open(BytesIO(stored)) as seen:
            assert (seen.format, seen.size, dict(seen.getexif())) == ("JPEG", (1600, 1000), {})

    @pytest.mark.parametrize(
        "content", [b"", b"GIF89a...", b"\xff\xd8\xffbroken", b"<svg onload=alert(1)>", b"PK\x03\x04"]
    )
    def test_what_is_no_photo_is_refused(self, visit, viewer, content):
        with pytest.raises(ValidationError):
            add_photo(actor=viewer, visit=visit, key=uuid4(), content=content)
        assert not Attachment.objects.exists()

    def test_a_bomb_of_pixels_is_refused_before_it_is_opened(self, visit, viewer):
        small = BytesIO()
        Image.new("1", (20_000, 20_000)).save(small, "PNG")
        with pytest.raises(ValidationError, match="too many pixels"):
            add_photo(actor=viewer, visit=visit, key=uuid4(), content=small.getvalue())

    def test_three_and_no_more_each_once(self, visit, viewer):
        key = uuid4()
        first = add_photo(actor=viewer, visit=visit, key=key, content=picture())
        assert add_photo(actor=viewer, visit=visit, key=key, content=picture((10, 10))) == first
        for side in (11, 12):
            add_photo(actor=viewer, visit=visit, key=uuid4(), content=picture((side, side)))
        with pytest.raises(ValidationError, match="3 photos at most"):
            add_photo(actor=viewer, visit=visit, key=uuid4(), content=picture())
        assert add_photo(actor=viewer, visit=visit, key=key, content=picture()) == first

    def test_too_large_to_be_sent(self, visit, viewer):
        with pytest.raises(ValidationError, match="4096 kB"):
            add_photo(actor=viewer, visit=visit, key=uuid4(), content=picture() + bytes(4096 * 1024))

    def test_only_by_whoever_was_there(self, visit, viewer_of):
        with pytest.raises(Denied):
            add_photo(actor=viewer_of("team_lead"), visit=visit, key=uuid4(), content=picture())


class TestSending:
    def test_before_its_visit_it_waits_and_goes_in_later(self, place, client):
        visit_key, key = uuid4(), uuid4()
        early = sent(client, place, visit_key, key)
        assert (early.status_code, early.json()["state"]) == (200, "later")
        client.post(reverse("field:send_visit", args=[place.enterprise.pk]), told_fields(visit_key))
        for _twice in range(2):
            assert sent(client, place, visit_key, key).json()["state"] == "received"
        assert VisitPhoto.objects.count() == 1

    def test_after_a_hand_over_the_photo_of_ones_own_visit_still_arrives(self, place, client, visit, viewer, lead):
        end_assignments(actor=lead, rows=list(Assignment.objects.all()), reason="调离")
        assert sent(client, place, visit.client_key).json()["state"] == "received"
        refused = sent(client, place, uuid4())
        assert (refused.status_code, refused.json()["state"]) == (422, "refused")

    def test_nonsense_is_refused_in_words(self, place, client, visit):
        assert "no photo" in sent(client, place, visit.client_key, content=b"GIF89a").json()["text"]
        answer = client.post(reverse("field:send_photo", args=[place.enterprise.pk]), {"visit_key": "x"})
        assert answer.status_code == 422

    def test_without_a_store_on_the_phone_they_go_with_the_form(self, place, client):
        url = reverse("field:visit", args=[place.enterprise.pk])
        files = [SimpleUploadedFile("a.jpg", picture((side, side)), "image/jpeg") for side in (9, 10)]
        assert client.post(url, {**told_fields(uuid4()), "photos": files}).status_code == 302
        assert VisitPhoto.objects.count() == 2
        wrong = SimpleUploadedFile("a.jpg", b"no", "image/jpeg")
        assert client.post(url, {**told_fields(uuid4()), "photos": [wrong]}).status_code == 422
        assert Visit.objects.count() == 1

    def test_a_request_that_arrived_stays_received_after_a_hand_over(self, place, client, officer, lead):
        url, key = reverse("field:send_ask", args=[place.enterprise.pk]), uuid4()
        fields = {"category": "policy", "title": "怎么申请", "client_key": key}
        assert client.post(url, fields).json()["state"] == "received"
        end_assignments(actor=lead, rows=list(Assignment.objects.all()), reason="调离")
        assert client.post(url, fields).json()["state"] == "received"
        assert client.post(url, {**fields, "client_key": uuid4()}).status_code == 422
        assert Request.objects.count() == 1


def test_shown_with_the_visit_and_as_jpeg_only(place, client, client_for, visit, viewer):
    photo = add_photo(actor=viewer, visit=visit, key=uuid4(), content=picture())
    url = reverse("field:photo", args=[photo.pk])
    assert url in client.get(reverse("field:enterprise", args=[place.enterprise.pk])).content.decode()
    shown = client.get(url)
    assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert "private" in shown["Cache-Control"]
    assert client_for("liaison_officer@other").get(url).status_code == 404
    panel = client_for("team_lead@in").get(
        reverse("registry:panel", args=[place.incident.slug, place.enterprise.pk, "liaison.responsible"])
    )
    assert reverse("liaison:photo", args=[place.incident.slug, photo.pk]) in panel.content.decode()
