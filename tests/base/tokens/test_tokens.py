"""Keys of the interface: no more than their owner, shown once, revoked at once, its use on record."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError

from fugong.base.accounts.models import Mandate
from fugong.base.audit.models import AuditEntry
from fugong.base.tokens.actions import KeyReused, answer_once, forget_answers, make_token, revoke_token
from fugong.base.tokens.models import ApiToken, KeptAnswer
from fugong.base.tokens.selectors import last_used, presented_token
from fugong.core import clock
from fugong.core.decision import Denied
from fugong.core.viewer import ANONYMOUS, service_viewer
from tests import factories


def _make(viewer, scopes=("totals:read",), days=30, **limits):
    return make_token(actor=viewer, name="ERP", scopes=frozenset(scopes), days=days, **limits)


def test_the_secret_is_kept_nowhere(viewer_of):
    token, secret = _make(viewer_of("bureau_clerk"))
    stored = ApiToken.objects.filter(pk=token.pk).values().get()
    assert secret not in str(stored)
    assert secret.startswith(token.hint)
    entry = AuditEntry.objects.get(verb="tokens.token.made")
    assert secret not in str(entry.detail)
    found = presented_token(secret)
    assert (found.viewer.id, found.viewer.token_id) == (token.owner_id, token.pk)
    assert presented_token(secret[:-1]) is None


def test_nobody_makes_a_key_for_what_the_person_may_not_do(viewer_of, place):
    with pytest.raises(Denied):
        _make(viewer_of("team_lead"), ["totals:write"])
    with pytest.raises(Denied):
        _make(viewer_of("commander"), ["everything"])
    with pytest.raises(ValidationError):
        _make(viewer_of("bureau_clerk"), area=place.other_county)
    with pytest.raises(ValidationError):
        _make(viewer_of("reporter"), ["reports:read"], enterprise_ids=frozenset({place.other.pk}))
    with pytest.raises(ValidationError):
        _make(viewer_of("bureau_clerk"), days=367)
    _token, secret = _make(viewer_of("bureau_clerk"))
    with pytest.raises(Denied):
        _make(presented_token(secret).viewer)


def test_a_key_narrows_its_owner(viewer_of, place):
    _token, secret = _make(viewer_of("bureau_clerk@city"), area=place.county)
    viewer = presented_token(secret).viewer
    assert viewer.covers(place.county.pk)
    assert viewer.covers(place.township.pk)
    assert not viewer.covers(place.other_county.pk)
    assert viewer.holds(place.county.pk, "bureau_clerk")
    assert not viewer.holds(place.city.pk, "bureau_clerk")
    assert not viewer.holds(place.other_county.pk, "bureau_clerk")
    reporter = place.person("reporter")
    factories.GrantFactory(user=reporter, enterprise=place.other)
    _token, secret = _make(viewer_of("reporter"), ["reports:read"], enterprise_ids=frozenset({place.other.pk}))
    assert presented_token(secret).viewer.grants == {("reporter", place.other.pk)}


def test_a_key_ends_with_its_owners_rights(viewer_of, place):
    _token, secret = _make(viewer_of("bureau_clerk"))
    Mandate.objects.filter(user=place.person("bureau_clerk")).update(valid_to="2020-03-23")
    assert not presented_token(secret).viewer.roles
    user = place.person("bureau_clerk")
    user.is_active = False
    user.save()
    assert presented_token(secret) is None


def test_a_revoked_or_expired_key_opens_nothing(viewer_of, place):
    token, secret = _make(viewer_of("bureau_clerk"))
    with pytest.raises(Denied):
        revoke_token(actor=viewer_of("bureau_clerk@outside"), token=token)
    with pytest.raises(Denied):
        revoke_token(actor=viewer_of("administrator@outside"), token=token)
    assert presented_token(secret) is not None
    revoke_token(actor=viewer_of("administrator"), token=token)
    assert presented_token(secret) is None
    revoke_token(actor=viewer_of("bureau_clerk"), token=token)
    token.refresh_from_db()
    assert token.revoked_by_name == place.person("administrator").name
    other, secret = _make(viewer_of("bureau_clerk"))
    past = clock.real_now() - datetime.timedelta(days=40)
    ApiToken.objects.filter(pk=other.pk).update(created_at=past, expires_at=past + datetime.timedelta(days=30))
    assert presented_token(secret) is None


def test_requests_of_a_minute_are_counted(viewer_of, monkeypatch):
    _token, secret = _make(viewer_of("bureau_clerk"), per_minute=2)
    now = clock.real_now().replace(second=1)
    monkeypatch.setattr("fugong.core.clock.real_now", lambda: now)
    assert [presented_token(secret).is_within_rate for _ in range(3)] == [True, True, False]
    now += datetime.timedelta(minutes=1)
    assert presented_token(secret).is_within_rate


def test_that_a_key_is_used_is_on_record_once_an_hour(program_for, viewer_of):
    program = program_for("reporter", "reports:read")
    (token,) = ApiToken.objects.all()
    assert last_used(viewer_of("reporter"), [token]) == {}
    assert [program.get("/api/v1/reports/").status_code for _ in range(2)] == [200, 200]
    (entry,) = AuditEntry.objects.filter(verb="tokens.token.used")
    assert (entry.actor_id, entry.subject, entry.origin[:4]) == (token.owner_id, f"tokens.token:{token.pk}", "api ")
    assert last_used(viewer_of("reporter"), [token]) == {token.pk: entry.at}
    assert last_used(ANONYMOUS, [token]) == {}


def test_an_idempotency_key_does_its_work_once(viewer_of):
    _token, secret = _make(viewer_of("bureau_clerk"))
    viewer, done = presented_token(secret).viewer, []

    def run(content, key="k1"):
        return answer_once(actor=viewer, key=key, what="x", content=content, work=lambda: done.append(1) or len(done))

    assert run({"a": 1}) == (1, False)
    assert run({"a": 1}) == (1, True)
    with pytest.raises(KeyReused):
        run({"a": 2})
    assert run({"a": 1}, key="") == (2, False)
    with pytest.raises(ValidationError):
        run({}, key="钥匙")
    with pytest.raises(ZeroDivisionError):
        answer_once(actor=viewer, key="k2", what="x", content={}, work=lambda: 1 / 0)
    assert run({}, key="k2") == (3, False), "an error keeps nothing"


def test_answers_are_forgotten_after_two_days(viewer_of):
    _token, secret = _make(viewer_of("bureau_clerk"))
    viewer = presented_token(secret).viewer
    answer_once(actor=viewer, key="k", what="x", content={}, work=lambda: 1)
    assert forget_answers(actor=service_viewer("worker")) == 0
    KeptAnswer.objects.update(kept_at=clock.real_now() - datetime.timedelta(days=3))
    assert forget_answers(actor=service_viewer("worker")) == 1
    with pytest.raises(Denied):
        forget_answers(actor=viewer)
