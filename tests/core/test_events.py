from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.db import transaction

from fugong.base.areas.models import Area
from fugong.core import events
from fugong.core.events import Event, OutsideTransaction, announce, receiver
from tests.factories import AreaFactory


@dataclass(frozen=True, slots=True)
class AreaRenamed(Event):
    code: str


@pytest.fixture(autouse=True)
def no_receivers(monkeypatch):
    monkeypatch.setattr(events, "_receivers", type(events._receivers)(list))


def test_receivers_run_at_once_and_in_their_order(db):
    seen = []
    receiver(AreaRenamed)(lambda event: seen.append(("first", event.code)))
    receiver(AreaRenamed)(lambda event: seen.append(("second", event.code)))
    announce(AreaRenamed("371502"))
    assert seen == [("first", "371502"), ("second", "371502")]


def test_a_receiver_hears_only_its_own_kind_and_is_heard_once(db):
    @dataclass(frozen=True, slots=True)
    class AreaAbolished(Event):
        code: str

    seen = []
    hear = seen.append
    receiver(AreaRenamed)(receiver(AreaRenamed)(hear))
    announce(AreaAbolished("371523"))
    assert seen == []
    announce(AreaRenamed("371503"))
    assert seen == [AreaRenamed("371503")]


@pytest.mark.django_db(transaction=True)
def test_a_fact_outside_a_transaction_is_refused():
    heard = []
    receiver(AreaRenamed)(heard.append)
    with pytest.raises(OutsideTransaction, match="AreaRenamed"):
        announce(AreaRenamed("371502"))
    assert heard == []


@pytest.mark.django_db(transaction=True)
def test_what_a_failing_receiver_wrote_goes_with_the_fact():
    @receiver(AreaRenamed)
    def keep_books(event):
        AreaFactory(code="371523")
        raise RuntimeError("the books cannot be kept")

    with pytest.raises(RuntimeError), transaction.atomic():
        AreaFactory(code="371502")
        announce(AreaRenamed("371502"))
    assert not Area.objects.exists()
