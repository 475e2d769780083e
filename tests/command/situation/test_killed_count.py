"""A worker that dies in the middle of a count: nothing is half done, and the next turn counts what it left."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import OperationalError, connection

from fugong.command.situation.actions import figures
from fugong.command.situation.models import CountedDay, FigureCell, FigureMark
from tests.tools import at_once

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2020, 3, 24)


def test_a_count_whose_connection_dies_leaves_its_marks_and_the_next_turn_counts(place, console, monkeypatch):
    figures.keep_figures(actor=console)
    before = list(FigureCell.objects.order_by("pk").values_list("pk", "numerator", "denominator"))
    place.report(roster=100, on_post=85)
    span = figures.Span(place.incident.pk, place.township.pk, DAY, DAY)
    figures.mark_figures(actor=console, spans=[span])
    counted, count = [], figures.count_now

    def die_at_the_third(*args):
        counted.append(args)
        if len(counted) == 3:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return count(*args)

    monkeypatch.setattr(figures, "count_now", die_at_the_third)
    with pytest.raises(OperationalError):
        [outcome] = at_once(lambda: figures.keep_figures(actor=console))
        if isinstance(outcome, Exception):
            raise outcome
    assert len(counted) == 3
    assert FigureMark.objects.count() == 1, "what was not counted is still marked"
    assert list(FigureCell.objects.order_by("pk").values_list("pk", "numerator", "denominator")) == before
    monkeypatch.setattr(figures, "count_now", count)
    assert figures.keep_figures(actor=console) == 1
    assert not FigureMark.objects.exists()
    back = FigureCell.objects.filter(measure__metric="return", day=DAY, area=place.township)
    assert (100, 85) in [(cell.denominator, cell.numerator) for cell in back]
    assert CountedDay.objects.filter(day=DAY).exists()
