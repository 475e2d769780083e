"""The auditor's page: whose acts are seen, how they are found, what an export holds, what opening leaves behind."""

from __future__ import annotations

import ast
import re
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from fugong.base.accounts.actions.factors import renew_recovery_codes
from fugong.base.accounts.actions.secrets import issue_code, redeem_code
from fugong.base.accounts.actions.sessions import note_sign_in
from fugong.base.accounts.selectors import code_presented
from fugong.base.audit.actions import record
from fugong.base.audit.management.commands.seal import seal_all
from fugong.base.audit.models import AuditEntry
from fugong.base.oversight.permissions import reads_from_outside
from fugong.core.oversight import trail_verbs
from fugong.core.viewer import service_viewer, viewer_named
from tests import factories, house
from tests.tools import entries, in_english, words_of

pytestmark = pytest.mark.django_db
TRAIL = "oversight:trail"


@pytest.fixture
def acts(place, viewer_of):
    """An act of a clerk in each county; the playbook was loaded before, which has no area."""
    for kind, enterprise in (("bureau_clerk@in", place.enterprise), ("bureau_clerk@outside", place.other)):
        record(
            actor=viewer_of(kind),
            verb="registry.enterprise.edited",
            subject=f"registry.enterprise:{enterprise.pk}",
            area_id=enterprise.managing_area_id,
            detail={"before": {"name": "旧名"}},
            reason="换照",
        )
    return place


def page(client, **query) -> str:
    answer = in_english(client).get(reverse(TRAIL), query)
    assert answer.status_code == 200
    return words_of(answer).partition("As of")[0]


def test_an_auditor_reads_the_acts_of_the_own_area_and_no_others(acts, client_for):
    words = page(client_for("auditor@in"))
    assert acts.enterprise.name in words
    assert "changed an enterprise" in words
    assert "换照" in words
    assert acts.other.name not in words
    assert "loaded a playbook" not in words.partition("Filters")[2].partition("As recorded")[0]
    whole = page(client_for("auditor@city"))
    assert acts.enterprise.name in whole
    assert acts.other.name in whole


def test_an_auditor_of_the_county_finds_who_got_in_there_and_how(place, client_for, viewer_of):
    """Sign-ins, codes and second factors carry the area of the person, though nobody has said one."""
    clerk = place.person("bureau_clerk@in")  # the account has no area of its own: the mandate says whose it is
    reporter = factories.UserFactory(username="first-entry", name="第一次", secret_kind="pin", area=place.township)
    text = issue_code(actor=viewer_of("bureau_clerk@in"), user=reporter)
    door = service_viewer("sign-in")
    redeem_code(actor=door, code_id=code_presented(door, text).pk, secret="481516")
    actor = viewer_named(clerk.pk, clerk.name)
    note_sign_in(actor=actor, user=clerk, session_key="k", user_agent="", address="10.0.0.1")
    renew_recovery_codes(actor=actor, user=clerk)
    near, far = (" ".join(rows_of(in_english(client_for(kind)))) for kind in ("auditor@in", "auditor@outside"))
    for act in ("issued a one-time code", "used a one-time code", "signed in", "renewed the recovery codes"):
        assert act in near
        assert act not in far


def rows_of(client, **query) -> list[str]:
    html = client.get(reverse(TRAIL), query).content.decode()
    return re.findall(r"<tr>(.*?)</tr>", html.partition("<tbody>")[2], re.S)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, 3),
        ({"person": "王bureau-clerk-in"}, 1),
        ({"person": "bureau-clerk-outside"}, 1),
        ({"person": "nobody at all"}, 0),
        ({"verb": "registry.enterprise.edited"}, 2),
        ({"subject": "纺织"}, 1),
        ({"subject": "registry.enterprise:999999"}, 0),
        ({"subject": "'; DROP TABLE audit_auditentry; --"}, 0),
        ({"area": "371502"}, 1),
        ({"area": "371502001"}, 1),
        ({"area": "999999"}, 0),
        ({"since": "2020-03-24"}, 3),
        ({"since": "2020-03-25"}, 0),
        ({"until": "2020-03-23"}, 0),
        ({"since": "yesterday"}, 3),
        ({"origin": "10.0.0.1"}, 0),
        ({"after": "x"}, 3),
        ({"after": "9" * 40}, 3),
    ],
)
def test_acts_are_found_by(acts, client_for, query, found):
    assert len(rows_of(client_for("auditor@city"), **query)) == found


def test_an_area_outside_shows_nothing_of_it(acts, client_for):
    assert rows_of(client_for("auditor@in"), area="371503") == []
    assert rows_of(client_for("auditor@in"), subject=acts.other.name) == []
    assert rows_of(client_for("auditor@in"), subject=f"registry.enterprise:{acts.other.pk}") == []


def test_pages_go_on_by_key(place, client_for, viewer_of):
    for number in range(120):
        record(
            actor=viewer_of("bureau_clerk"),
            verb="registry.fact.stated",
            subject=f"registry.enterprise:{place.enterprise.pk}",
            area_id=place.county.pk,
            detail={"number": f"n{number}"},
        )
    client, seen, query = client_for("auditor"), [], ""
    for _ in range(3):
        html = client.get(reverse(TRAIL) + query).content.decode()
        seen += re.findall(r"> n(\d+)<", html)
        following = re.search(r'href="[^"]*(\?[^"]*after=\d+)"', html)
        query = following.group(1) if following else ""
    assert seen == [str(number) for number in reversed(range(120))]
    assert query == ""


def test_looking_for_something_is_on_record_itself(acts, client_for):
    client_for("auditor").get(reverse(TRAIL))
    assert entries("oversight.trail.read") == []
    client_for("auditor").get(reverse(TRAIL), {"person": "王芳"})
    (read,) = entries("oversight.trail.read")
    assert read.detail == {"filter": {"person": "王芳"}}
    assert read.actor_id == acts.person("auditor").pk


def test_the_page_says_how_far_it_is_sealed(acts, client_for):
    client = client_for("auditor@city")
    assert "3 entries wait for their seal" in page(client)
    seal_all()
    words = page(client)
    assert "Last seal" in words
    assert "Waits for its seal" not in words


def test_an_export_holds_what_fits_as_text_and_is_on_record(acts, client_for, viewer_of):
    record(
        actor=viewer_of("bureau_clerk"), verb="registry.enterprise.edited", subject="registry.enterprise:0",
        area_id=acts.county.pk, reason='=HYPERLINK("http://x.example","y")',
    )  # fmt: skip
    client = in_english(client_for("auditor"))
    answer = client.post(
        reverse("oversight:export") + "?verb=registry.enterprise.edited", {"reason": "quarterly audit"}
    )
    assert answer["Content-Disposition"].startswith("attachment")
    sheet = load_workbook(BytesIO(answer.content)).active
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert len(rows) == 2
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d", "b"}
    (taken,) = entries("oversight.trail.exported")
    assert taken.reason == "quarterly audit"
    assert taken.detail == {"filter": {"verb": "registry.enterprise.edited"}, "rows": 2}


def test_a_link_leads_where_the_reader_may_go(acts, client_for):
    link = reverse("registry:detail", args=[acts.incident.slug, acts.enterprise.pk])
    assert link in client_for("administrator").get(reverse(TRAIL)).content.decode()
    assert link not in client_for("auditor").get(reverse(TRAIL)).content.decode()


# --- Personal data --------------------------------------------------------------------------------------------------


@pytest.fixture
def number(place):
    user = factories.UserFactory(name="赵敏", phone="13800001234")
    factories.MandateFactory(user=user, area=place.county, body=place.county.bodies.first())
    return reverse("oversight:personal", args=["phone", user.pk])


def test_a_number_is_masked_until_a_reason_is_given_and_then_on_record(place, client_for, number):
    client = client_for("bureau_clerk")
    assert "138****1234" in client.get(number).content.decode()
    refused = client.post(number, {"reason": "  x "})
    assert refused.status_code == 422
    assert "13800001234" not in refused.content.decode()
    assert entries("oversight.personal.opened") == []
    opened = client.post(number, {"reason": "核实停产原因"})
    assert "13800001234" in opened.content.decode()
    assert "no-store" in opened["Cache-Control"]
    (entry,) = entries("oversight.personal.opened")
    assert (entry.reason, entry.actor_id) == ("核实停产原因", place.person("bureau_clerk").pk)
    assert "13800001234" not in str(entry.__dict__)
    assert "13800001234" not in client.get(number).content.decode(), "shown once"


@pytest.mark.parametrize("kind", ["bureau_clerk@outside", "auditor@city", "reporter", "nobody"])
def test_a_number_of_another_area_is_not_even_masked(place, client_for, number, kind):
    answer = client_for(kind).post(number, {"reason": "核实停产原因"})
    assert answer.status_code == 404
    assert "1234" not in answer.content.decode()
    assert entries("oversight.personal.opened") == []


# --- Reads outside one's own area -----------------------------------------------------------------------------------


def test_an_overseer_who_reads_an_entry_is_on_record_and_its_own_clerk_is_not(place, client_for):
    address = reverse("registry:detail", args=[place.incident.slug, place.enterprise.pk])
    for kind in ("bureau_clerk", "township_cadre", "commander@city", "administrator@city", "administrator@outside"):
        client_for(kind).get(address)
    (read,) = entries("oversight.page.read")
    assert read.actor_id == place.person("administrator@city").pk
    assert (read.subject, read.area_id) == (
        f"registry.enterprise:{place.enterprise.pk}",
        place.enterprise.managing_area_id,
    )


def test_the_rule_of_reads_from_outside(place, viewer_of):
    inside, outside = place.county.pk, place.other_county.pk
    assert reads_from_outside(viewer_of("administrator@city"), inside)
    assert reads_from_outside(viewer_of("auditor"), inside)
    assert not reads_from_outside(viewer_of("bureau_clerk"), inside)
    both = factories.UserFactory(username="both")
    for role, area in (("administrator", place.city), ("bureau_clerk", place.county)):
        factories.MandateFactory(user=both, role=role, area=area, body=place.county.bodies.first())
    from fugong.base.accounts.selectors import viewer_for
    from fugong.core import clock

    viewer = viewer_for(both, clock.today())
    assert not reads_from_outside(viewer, inside)
    assert reads_from_outside(viewer, outside)


# --- Words ----------------------------------------------------------------------------------------------------------


def test_every_verb_in_the_code_has_its_words():
    """Texts of the form room.noun.past_participle; those that are computed begin like one that has words."""
    rooms = "|".join(sorted({name.rpartition(".")[2] for name in house.ranks()}))
    whole, begun = re.compile(rf"({rooms})\.[a-z_]+\.[a-z_]+"), re.compile(rf"({rooms})\.[a-z_]+\.")
    missing = []
    for module in house.modules(house.PACKAGE, "actions", "tasks", "web", "management"):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.JoinedStr):
                head = node.values[0]
                text = head.value if isinstance(head, ast.Constant) else ""
                if begun.fullmatch(text) and not any(verb.startswith(text) for verb in trail_verbs):
                    missing.append(f"{module.name}:{node.lineno} {text}…")
            elif isinstance(node, ast.Call):
                for word in node.keywords:
                    value = getattr(word.value, "value", None)
                    if word.arg == "verb" and isinstance(value, str) and value not in trail_verbs:
                        missing.append(f"{module.name}:{node.lineno} {value}")
            elif isinstance(node, ast.Constant) and module.layer == "actions":
                text = str(node.value)
                if whole.fullmatch(text) and text not in trail_verbs:
                    missing.append(f"{module.name}:{node.lineno} {node.value}")
    assert not missing, "say in the trail.py of the room what was done:\n" + "\n".join(missing)


def test_words_are_of_verbs_that_are_used():
    used = " ".join(module.text for module in house.modules(house.PACKAGE) if not module.name.endswith("/trail.py"))
    idle = [verb for verb in trail_verbs if verb not in used and verb.rpartition(".")[0] + "." not in used]
    # One function may write several: f"situation.{what}.exported".
    several = {tuple(one) for one in re.findall(r'f"([a-z]+)\.\{\w+\}\.([a-z_]+)"', used)}
    idle = [verb for verb in idle if (verb.split(".")[0], verb.split(".")[-1]) not in several]
    assert not idle


def test_an_entry_of_a_verb_without_words_still_shows(place, client_for):
    AuditEntry.objects.create(
        at="2020-03-24T00:00:00Z", actor_name="x", verb="old.thing.done", subject="old.thing:1", area_id=place.county.pk
    )
    assert "old.thing.done" in client_for("auditor").get(reverse(TRAIL)).content.decode()
