"""Each builder against the database: the constraint is made on a table of its own and rows are tried."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Q
from django.test.utils import isolate_apps

from fugong.core import constraints

SENTENCE = "That cannot be."
BUILDERS = {
    "check": constraints.check("trial_positive", Q(number__gt=0), SENTENCE),
    "not_before": constraints.not_before("trial_in_order", "start", "end", SENTENCE),
    "within": constraints.within("trial_plausible", "number", 0, 1000, SENTENCE),
    "one_of": constraints.one_of("trial_known", "state", ["open", "closed"], SENTENCE),
    "unique": constraints.unique("trial_once", "state", "number", message=SENTENCE),
    "unique while": constraints.unique("trial_once_open", "number", message=SENTENCE, while_=Q(state="open")),
}


@pytest.fixture
def table(db):
    """`table(constraint)`: a model with this constraint, whose table exists until the test ends."""
    with isolate_apps("fugong.core"):

        def make(constraint):
            class Trial(models.Model):
                number = models.IntegerField(null=True)
                state = models.TextField(default="open")
                start = models.DateField(null=True)
                end = models.DateField(null=True)

                class Meta:
                    app_label = "core"
                    constraints = [constraint]

            with connection.schema_editor() as editor:
                editor.create_model(Trial)
            return Trial

        yield make


def refused_by(model, name: str, **values) -> bool:
    """Whether the database refuses the row, by this constraint."""
    try:
        with transaction.atomic():
            model.objects.create(**values)
    except IntegrityError as error:
        assert error.__cause__.diag.constraint_name == name
        return True
    return False


@pytest.mark.parametrize(
    ("builder", "good", "bad"),
    [
        ("check", [{"number": 1}, {"number": None}], [{"number": 0}]),
        (
            "not_before",
            [
                {"start": "2020-02-01", "end": None},
                {"start": "2020-02-01", "end": "2020-02-01"},
                {"start": None, "end": "2020-02-01"},
            ],
            [{"start": "2020-02-02", "end": "2020-02-01"}],
        ),
        ("within", [{"number": 0}, {"number": 1000}, {"number": None}], [{"number": -1}, {"number": 1001}]),
        ("one_of", [{"state": "open"}, {"state": "closed"}], [{"state": ""}, {"state": "OPEN"}]),
        ("unique", [{"number": 1}, {"number": 1, "state": "closed"}, {"number": 2}], [{"number": 1}]),
        (
            "unique while",
            [{"number": 1}, {"number": 1, "state": "closed"}, {"number": 1, "state": "closed"}],
            [{"number": 1}],
        ),
    ],
)
def test_the_database_takes_the_good_and_refuses_the_bad(table, builder, good, bad):
    constraint = BUILDERS[builder]
    model = table(constraint)
    assert [values for values in good if refused_by(model, constraint.name, **values)] == []
    assert [values for values in bad if not refused_by(model, constraint.name, **values)] == []


@pytest.mark.parametrize(
    ("builder", "bad"),
    [
        ("check", {"number": 0}),
        ("not_before", {"start": "2020-02-02", "end": "2020-02-01"}),
        ("within", {"number": 1001}),
        ("one_of", {"state": "?"}),
    ],
)
def test_a_form_says_the_sentence(table, builder, bad):
    model = table(BUILDERS[builder])
    with pytest.raises(ValidationError) as refusal:
        model(**bad).full_clean(exclude=["start", "end"] if builder != "not_before" else None)
    assert SENTENCE in str(refusal.value)


def test_a_form_says_the_sentence_of_a_row_that_is_there_already(table):
    model = table(BUILDERS["unique"])
    model.objects.create(number=1, state="open")
    with pytest.raises(ValidationError, match=SENTENCE):
        model(number=1, state="open").validate_constraints()
