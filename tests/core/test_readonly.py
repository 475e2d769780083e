"""The guard around reading requests: what passes, what is refused, the one door."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from fugong.base.areas.models import Area
from fugong.core.readonly import WriteInRead, writes_forbidden, writes_permitted
from tests.factories import AreaFactory

pytestmark = pytest.mark.django_db


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1",
        "  select 1",
        "SHOW server_version",
        "(SELECT 1) UNION ALL (SELECT 2)",
        "EXPLAIN SELECT 1",
        "SAVEPOINT here",
        "SELECT count(*) FROM areas_area WHERE valid_to IS NULL",
    ],
)
def test_reading_passes(sql):
    with writes_forbidden():
        run(sql)


def test_words_that_somebody_looks_for_are_no_statement():
    with writes_forbidden():
        assert not Area.objects.filter(name__contains="; DELETE FROM areas_area").exists()


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO areas_area (code) VALUES ('1')",
        "UPDATE areas_area SET name = ''",
        "DELETE FROM areas_area",
        "(SELECT * FROM areas_area FOR UPDATE)",
        "TRUNCATE areas_area",
        "CREATE TEMP TABLE t (a int)",
        "COPY areas_area FROM STDIN",
        "SELECT * FROM areas_area FOR UPDATE",
        "SELECT * FROM areas_area FOR NO KEY UPDATE",
        "SELECT * FROM areas_area FOR SHARE",
        "SELECT * FROM areas_area FOR KEY SHARE",
        "SELECT nextval('areas_area_id_seq')",
        "SELECT setval('areas_area_id_seq', 9)",
        "WITH gone AS (DELETE FROM areas_area RETURNING id) SELECT * FROM gone",
        "SELECT 1; DELETE FROM areas_area",
        "/* SELECT */ DELETE FROM areas_area",
        "EXPLAIN ANALYZE DELETE FROM areas_area",
        "SELECT * INTO copy_of_areas FROM areas_area",
        "CALL something()",
        "DO $$ BEGIN END $$",
        "LOCK TABLE areas_area",
    ],
)
def test_writing_and_locking_are_refused(sql):
    with writes_forbidden(), pytest.raises(WriteInRead):
        run(sql)


def test_the_orm_is_guarded():
    area = AreaFactory()
    with writes_forbidden():
        assert Area.objects.get(pk=area.pk) == area
        assert Area.objects.filter(pk=area.pk).exists()
        for write in (AreaFactory, lambda: Area.objects.filter(pk=area.pk).update(name="x"), area.delete):
            with pytest.raises(WriteInRead), transaction.atomic():
                write()
        with pytest.raises(WriteInRead), transaction.atomic():
            list(Area.objects.select_for_update().order_by("pk"))
    assert Area.objects.get(pk=area.pk).name == area.name


def test_many_rows_at_once_are_guarded():
    with writes_forbidden(), connection.cursor() as cursor, pytest.raises(WriteInRead):
        cursor.executemany("INSERT INTO areas_area (code) VALUES (%s)", [("1",), ("2",)])


def test_the_session_may_be_kept():
    with writes_forbidden():
        run("""DELETE FROM "django_session" WHERE session_key = 'x'""")


def test_the_door_opens_and_closes_also_after_an_error():
    with writes_forbidden():
        with writes_permitted():
            AreaFactory()
        with pytest.raises(ZeroDivisionError), writes_permitted():
            1 / 0  # noqa: B018
        with pytest.raises(WriteInRead), transaction.atomic():
            AreaFactory()
    assert Area.objects.count() == 1


def test_after_the_request_writing_is_free_again():
    with pytest.raises(WriteInRead), transaction.atomic(), writes_forbidden():
        AreaFactory()
    assert AreaFactory().pk
