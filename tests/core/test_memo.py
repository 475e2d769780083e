from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fugong.core.memo import once_per_request, remember, remembering


@pytest.fixture
def asked():
    """A remembered read, and the list of what it was really asked."""
    calls = []

    @once_per_request
    def read(*args, **kwargs):
        calls.append((args, kwargs))
        return object()

    return read, calls


def test_within_a_request_the_same_question_is_asked_once(asked):
    read, calls = asked
    with remembering():
        assert read(1) is read(1)
        assert read(2) is not read(1)
    assert calls == [((1,), {}), ((2,), {})]


def test_the_next_request_asks_again(asked):
    read, calls = asked
    with remembering():
        first = read(1)
    with remembering():
        assert read(1) is not first
    assert len(calls) == 2


def test_outside_a_request_nothing_is_remembered(asked):
    read, calls = asked
    assert read(1) is not read(1)
    assert len(calls) == 2


def test_it_is_forgotten_also_after_an_error(asked):
    read, _calls = asked
    with pytest.raises(ZeroDivisionError), remembering():
        read(1)
        1 / 0  # noqa: B018
    assert read(1) is not read(1)


def test_none_is_an_answer():
    calls = []

    @once_per_request
    def read():
        calls.append(1)

    with remembering():
        read(), read()
    assert calls == [1]


def test_two_reads_do_not_answer_for_each_other():
    first, second = once_per_request(lambda number: "first"), once_per_request(lambda number: "second")
    with remembering():
        assert (first(1), second(1)) == ("first", "second")


def test_words_are_not_remembered(asked):
    read, calls = asked
    with remembering():
        read(1, size=2), read(1, size=3), read(1, size=3)
    assert len(calls) == 3


def test_a_page_asks_for_the_tree_once_and_the_next_page_again(place, client_for):
    client = client_for("commander@city")
    address = f"/i/{place.incident.slug}/situation/"
    for _page in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        assert sum('FROM "areas_area"' in query["sql"] for query in queries) == 1


def test_an_answer_that_is_known_already_is_not_asked(asked):
    read, calls = asked
    with remembering():
        remember(read, "known", 3)
        assert read(3) == "known"
    assert calls == []
