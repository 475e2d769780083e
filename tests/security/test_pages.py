"""What holds for every page there is: all rows of the access table, each as somebody who may open it.

Every text field of every model holds a script while the pages are drawn; a page that lets one through fails.
"""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.db.models import Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from tests.access import TABLE

pytestmark = pytest.mark.django_db
SCRIPT = "\"'><img src=x onerror=alert(1)>"
SIGN = "<img src=x"
# What is no text for people but a key that code looks up, or what constraints compute with.
KEYS = {
    "path", "code", "slug", "username", "password", "verb", "subject", "sha256", "digest", "previous", "language",
    "level", "reason_code", "uscc", "provisional_id", "capacity", "kind", "state", "channel", "source", "key", "hash",
    "number", "category", "obstacle", "watch_metric", "playbook_code", "place_code",
}  # fmt: skip
PAGES = [
    pytest.param(name, row, id=f"{name} {number}")
    for name, rows in TABLE.items()
    for number, row in enumerate(rows)
    if row.get and not row.token and {200, 302} & set(row.get.values())
]


def open_to(row) -> str:
    return next(kind for status in (200, 302) for kind, given in row.get.items() if given == status)


def poison() -> list[str]:
    """Write the script into every text field of every row; the names of the fields that took it."""
    taken = []
    for model in apps.get_models():
        if not model.__module__.startswith("fugong."):
            continue
        for field in model._meta.concrete_fields:
            if not isinstance(field, models.CharField | models.TextField) or field.choices or field.name in KEYS:
                continue
            try:
                with transaction.atomic():
                    rows = model._base_manager.order_by()
                    if rows.update(**{field.name: Concat(Value(SCRIPT), Cast("pk", models.TextField()))}):
                        taken.append(f"{model._meta.label}.{field.name}")
            except DatabaseError:
                continue  # a constraint or the trail's trigger refuses it, as it would refuse a user
    return taken


@pytest.mark.parametrize(("name", "row"), PAGES)
def test_every_page(name, row, place, client_for):
    row.prepare(place)
    arguments, client = row.args(place), client_for(open_to(row))
    taken = poison()
    assert "registry.Enterprise.name" in taken
    query = row.query if isinstance(row.query, str) else row.query(place)
    url = reverse(name, args=arguments) + (f"?{query}" if query else "")
    answer = client.get(url)
    assert answer.status_code in (200, 302), answer.status_code
    headers = answer.headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    if open_to(row) != "anonymous":
        # The version is polled with its tag; it says a number and nothing personal.
        assert name == "situation:version" or "no-store" in headers["Cache-Control"]
        assert "private" in headers["Cache-Control"]
    if headers.get("Content-Type", "").startswith("text/html") and answer.content:
        policy = headers["Content-Security-Policy"]
        for rule in (
            "default-src 'none'",
            "script-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        ):
            assert rule in policy
        assert SIGN not in answer.content.decode(), "a stored text reaches the page as markup"


def test_the_script_is_drawn_as_text(place, client_for):
    """So that the walk above proves something: what was stored stands on the page, escaped."""
    poison()
    answer = client_for("bureau_clerk").get(reverse("registry:list", args=[place.incident.slug]))
    assert "&lt;img src=x onerror=alert(1)&gt;" in answer.content.decode()


def test_the_trail_draws_what_a_stranger_wrote_as_text(place, client_for):
    from fugong.base.audit.models import AuditEntry

    AuditEntry.objects.create(
        at="2020-03-24T00:00:00Z", actor_name=SCRIPT, verb=SCRIPT, subject=f"registry.enterprise:{SCRIPT}"[:100],
        reason=SCRIPT, origin=SCRIPT, area_id=place.county.pk, detail={SCRIPT: {SCRIPT: [SCRIPT]}},
    )  # fmt: skip
    page = client_for("auditor").get(reverse("oversight:trail"), {"person": "", "origin": SIGN}).content.decode()
    assert SIGN not in page
    assert page.count("&lt;img src=x") >= 6


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "PATCH", "PROPFIND"])
def test_other_methods_change_nothing_and_break_nothing(place, client_for, method):
    client = client_for("bureau_clerk")
    for name in ("registry:detail", "registry:edit"):
        answer = client.generic(method, reverse(name, args=[place.incident.slug, place.enterprise.pk]))
        assert answer.status_code == (200 if method == "HEAD" else 405)
        assert method != "TRACE" or not answer.content


@pytest.mark.parametrize(
    "path", ["/static/../manage.py", "/static/%2e%2e/%2e%2e/etc/passwd", "/static//etc/passwd", "/../../etc/passwd"]
)
def test_no_path_leads_out(client, path):
    assert client.get(path).status_code in (302, 400, 404)


@pytest.mark.parametrize("path", ["/no-such-page/", "/i/no-such/enterprises/", "/static/fugong/none.css"])
def test_error_pages_keep_the_rules_too(client_for, path):
    answer = client_for("bureau_clerk").get(path)
    assert answer.status_code == 404
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Traceback" not in answer.content.decode()
