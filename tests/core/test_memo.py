from __future__ import annotations

import pytest

from fugong.core.memo import once_per_request, remember, remembering


@pytest.fixture
def read():
    calls = []

    @once_per_request
    def square(number: int) -> int:
        calls.append(number)
        return number * number

    square.calls = calls
    return square


def test_a_read_is_made_once_within_a_request_and_each_time_outside(read):
    with remembering():
        assert [read(3), read(3), read(4)] == [9, 9, 16]
    assert read.calls == [3, 4]
    assert [read(3), read(3)] == [9, 9]
    assert read.calls == [3, 4, 3, 3]


def test_an_answer_that_is_known_already_is_not_read(read):
    with remembering():
        remember(read, 9, 3)
        assert (read(3), read(2)) == (9, 4)
    assert read.calls == [2]
    remember(read, 100, 3)
    assert read(3) == 9
