"""The house holds together: rules that import-linter and ruff cannot state. Each names every place that breaks it.

An exemption carries its reason; one that nothing needs any more fails too, so that lists only shrink.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import models
from django.db.migrations.loader import MigrationLoader
from django.db.models.constraints import BaseConstraint
from django.urls import URLPattern, get_resolver

from fugong.portal.logic import catalogues
from tests import house
from tests.access import TABLE
from tests.house import PACKAGE, ROOT

APPS = [config for config in apps.get_app_configs() if config.name.startswith("fugong.")]
MODELS = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_config in APPS]
CONSTRAINTS = [
    pytest.param(constraint, id=f"{model._meta.label} {constraint.name}")
    for model in MODELS
    for constraint in model._meta.constraints
]


def assert_none_but(found, exempt) -> None:
    """Nothing was found but what is exempt, and every exemption is still needed."""
    found, exempt = set(found), set(exempt)
    assert not found - exempt, "\n" + "\n".join(sorted(found - exempt))
    assert not exempt - found, "exempt, but no longer found:\n" + "\n".join(sorted(exempt - found))


def room(model: type[models.Model]) -> str:
    """`record.registry` for a model of that app; the dotted name of the package for one that is not ours."""
    return model._meta.app_config.name.removeprefix("fugong.")


# --- Floors ---------------------------------------------------------------------------------------------------------


def test_every_app_stands_in_a_contract():
    assert_none_but({config.name.removeprefix("fugong.") for config in APPS} - house.ranks().keys(), ())


def test_foreign_keys_point_down_or_stay_within_the_app():
    upward = []
    for model in MODELS:
        for field in [*model._meta.fields, *model._meta.many_to_many, *model._meta.private_fields]:
            target = field.remote_field.model if field.remote_field else None
            if field in model._meta.private_fields or (target and not house.may_point_at(room(model), room(target))):
                upward.append(f"{model._meta.label}.{field.name} -> {target._meta.label if target else 'anything'}")
    assert_none_but(upward, ())


def test_nobody_asks_the_manager_of_another_apps_model():
    assert_none_but(house.foreign_managers(PACKAGE), ())


def test_no_sql_of_ours_names_another_apps_table():
    tables = {model._meta.db_table: room(model) for model in MODELS}
    exempt = {
        # The import joins the register once, set-based and reading only: 73,000 rows a second instead of some hundred.
        "record/reporting/logic/import_sql.py registry_enterprise",
        # Asked by every request or report: a row comes with its area in one statement instead of two.
        "base/accounts/logic/standing.py areas_area",
        "record/incidents/selectors.py areas_area",
        "record/registry/selectors/grants.py areas_area",
    }
    assert_none_but(house.foreign_tables(PACKAGE, tables), exempt)


def test_templatetags_do_not_write():
    assert_none_but(house.writing_templatetags(PACKAGE), ())


def test_the_time_is_asked_of_the_one_clock():
    found = (place for place in house.other_clocks(PACKAGE) if not place.startswith("core/clock.py:"))
    exempt = {
        # Waiting for a server process is measured by the machine's own time, before Django is there.
    }
    assert_none_but(found, exempt)


def test_only_the_trail_writes_while_a_page_is_read():
    users = {module.name for module in house.modules(PACKAGE) if "writes_permitted" in module.imports()}
    assert users == {"base/audit/actions.py"}


def test_an_entry_of_the_trail_has_an_area_or_a_reason_to_have_none():
    """`record` asks for `area_id`; without one a county's auditor does not see the act."""
    assert_none_but(
        house.entries_without_area(PACKAGE),
        {
            "base/areas/actions.py areas.area.imported",  # the tree is the whole place's
            "base/tokens/actions.py tokens.answers.forgotten",  # housekeeping over all keys
            "base/accounts/actions/retention.py accounts.entries.forgotten",  # housekeeping over everybody's
            "base/notifications/actions.py notifications.messages.forgotten",  # housekeeping over all messages
            "command/situation/actions/bulletin_outputs.py situation.outputs.deleted",  # housekeeping
            "base/spreadsheets/actions/retention.py spreadsheets.files.deleted",  # housekeeping over all imports
            "record/reporting/actions/drafts.py reporting.drafts.forgotten",  # housekeeping over everybody's
            "record/incidents/actions.py incidents.playbook.loaded",  # a playbook serves every area
        },
    )


def test_ruff_still_bans_http_and_other_clocks():
    ruff = house.configuration()["tool"]["ruff"]["lint"]
    banned = ruff["flake8-tidy-imports"]["banned-api"]
    assert {
        "django.http", "django.shortcuts", "django.contrib.messages", "django.utils.timezone.now",
        "django.utils.timezone.localdate", "datetime.date.today", "datetime.datetime.now",
        "django.db.transaction.on_commit", "django.apps.apps.get_model",
    } <= set(banned)  # fmt: skip
    assert "TID251" in ruff["select"]
    assert not {"TID", "TID251"} & set(ruff["ignore"])
    loose = {pattern for pattern, rules in ruff["per-file-ignores"].items() if "TID251" in rules}
    assert loose == {"fugong/*/*/web/**", "fugong/portal/**", "fugong/core/clock.py", "tests/**"}
    suppressed = [m.name for m in house.modules(PACKAGE) if re.search(r"noqa(:[^#\n]*TID251|\s*$)", m.text, re.M)]
    assert_none_but(suppressed, ())


def test_type_checks_stay_strict_beneath_the_web():
    mypy = house.configuration()["tool"]["mypy"]
    assert mypy["strict"] is True
    assert mypy["files"] == ["fugong"]
    loose = [
        override["module"] for override in mypy["overrides"] if set(override) - {"module", "ignore_missing_imports"}
    ]
    assert loose == [["fugong.*.*.web.*", "fugong.portal.web.*"]]
    careless = [m.name for m in house.modules(PACKAGE) if re.search(r"# type: ignore(?!\[)|# mypy:", m.text)]
    assert_none_but(careless, ())


def test_a_warning_fails_the_test_run():
    assert house.configuration()["tool"]["pytest"]["ini_options"]["filterwarnings"][0] == "error"


# --- Shapes ---------------------------------------------------------------------------------------------------------


def test_every_public_action_has_the_shape_of_one():
    exempt = {
        # Writing the trail is part of an act that has asked already, and runs in that act's transaction.
        "base/audit/actions.py record: not atomic",
        "base/audit/actions.py record: asks no permission",
        "base/audit/actions.py record_access: not atomic",
        "base/audit/actions.py record_access: asks no permission",
    }
    assert_none_but(house.misshapen_actions(PACKAGE), exempt)


def test_every_read_is_asked_by_a_viewer():
    exempt = {
        # They make the viewer, so none can ask.
        "base/accounts/selectors.py viewer_for",
        "base/accounts/selectors.py viewer_by_id",
        "base/accounts/selectors.py account_and_viewer",
        "base/accounts/selectors.py read_account",
        # For the console and the demonstration loader, which run on the server.
        "base/accounts/selectors.py user_named",
        # For jobs that act for a person.
        "base/accounts/selectors.py user_by_id",
        # For the record of an act on a person: the permission to act has been asked.
        "base/accounts/selectors.py area_of_person",
        # It makes the viewer of a request that comes with a key; hashing asks nobody.
        "base/tokens/selectors.py presented_token",
        "base/tokens/selectors.py secret_hash",
        # Pure: the keyed hash of a code.
        "base/accounts/selectors.py code_digest",
        # A condition on other queries, not a read.
        "base/accounts/selectors.py with_a_secret",
        # Public facts: the tree of areas and their risk levels, names of bodies, what a playbook says.
        "base/areas/selectors.py area_tree",
        "base/areas/selectors.py area_ids_within",
        # Days off are public.
        "base/calendars/selectors.py working_calendar",
        "base/calendars/selectors.py local_days",
        "base/areas/selectors.py areas_valid_on",
        "base/accounts/selectors.py body_named",
        "base/accounts/selectors.py body_by_id",
        "base/accounts/selectors.py bodies_in",
        "base/accounts/selectors.py bodies_within",
        "base/accounts/selectors.py headquarters_of",
        "record/incidents/selectors.py playbook_on",
        "record/incidents/selectors.py playbooks_of",
        "record/incidents/selectors.py risk_levels",
        "record/incidents/selectors.py risk_on",
        "record/incidents/selectors.py risks_on",
        "record/incidents/selectors.py open_incidents",
        "record/reporting/selectors/duties.py report_section",
        "record/reporting/selectors/duties.py incidents_of",
        # By when a day is reported and whether it is locked; a report that is being written asks for itself.
        "record/reporting/selectors/locks.py day_rules",
        "record/reporting/selectors/locks.py times_on",
        "command/situation/selectors/indicators.py indicators_on",
        "command/headquarters/selectors/rules.py section_on",
        # Of a directive that has been read for a viewer.
        "command/headquarters/selectors/directives.py reminder_of",
        "command/headquarters/selectors/agenda.py planned_for",
        # What is promised and who takes what: public rules of the playbook and the place.
        "record/liaison/selectors/section.py field_section",
        "record/desk/selectors/rules.py section_on",
        "record/desk/selectors/rules.py service_clock",
        "record/desk/selectors/rules.py promises_for",
        "record/desk/selectors/rules.py fallback_body",
        "record/desk/selectors/rules.py body_above",
        "record/desk/selectors/rules.py routing_on",
        "record/desk/selectors/rules.py route_of",
        # Whose matter a key is that has come with the request.
        "base/tokens/selectors.py area_of",
        # The clock of a request that has been read.
        "record/desk/selectors/queue.py clock_of",
        # Behind a figure: metrics count for everybody; situation asks `area_in_view(viewer, …)` before it reads them.
        "record/incidents/selectors.py incident_by_id",
        "record/incidents/selectors.py incident_named",
        "record/reporting/selectors/places.py incident_of",
        "record/reporting/selectors/sheets.py names_in",
        "record/registry/selectors/enterprises.py ever_managed_in",
        "record/registry/selectors/enterprises.py in_business",
        "record/registry/selectors/scope.py not_counted",
        "record/registry/selectors/scope.py why_not_counted",
        *(
            f"record/reporting/selectors/{name}"
            for name in (
                "behind.py corrections_number",
                "behind.py expected_states",
                "behind.py people_missing",
                "behind.py return_states",
                "behind.py single_states",
                "behind.py timed_states",
                "behind.py asking_members",
                "behind.py capacity_members",
                "behind.py corrections_of",
                "behind.py left_out_enterprises",
                "behind.py missing_enterprises",
                "behind.py opening_members",
                "behind.py reporting_members",
                "behind.py return_members",
                "counts.py asking_cells",
                "counts.py capacity_cells",
                "counts.py covered_by_totals",
                "counts.py excluded_by_area",
                "counts.py excluded_of",
                "counts.py opening_cells",
                "counts.py reporting_cells",
                "counts.py return_cells",
                "counts.py states_of",
                "counts.py timed",
                "counts.py whole",
                "counts.py with_headcount",
                "day.py base_day",
                "day.py expected",
                "day.py in_register",
                "day.py left_out",
            )
        ),
        *(
            f"record/registry/selectors/traits.py {name}"
            for name in (
                "above_scale_on",
                "fits",
                "headcount_on",
                "industry_on",
                "sized_on",
                "tagged_on",
                "trait_values",
                "traits_of",
                "with_traits",
            )
        ),
        "record/registry/selectors/facts.py facts_of",
        "command/situation/selectors/figures.py cells_on",
        "command/situation/selectors/figures.py same_hour_before",
        "command/situation/selectors/figures.py scopes_of",
        *(
            f"command/situation/selectors/rollup.py {name}"
            for name in ("amount", "count_now", "counted_on", "is_late", "measures_of")
        ),
        # For books that every area is in: which of them a change touches.
        "record/incidents/selectors.py incidents_over",
        "record/registry/selectors/places.py areas_ever",
        "record/reporting/selectors/areas.py areas_reported_from",
        # Of a duty or an incident that the caller has found through its viewer: what is asked there, and when.
        "record/incidents/selectors.py open_with_playbooks",
        "record/incidents/selectors.py read_open",
        "record/reporting/selectors/drafts.py standing",
        "record/reporting/selectors/drafts.py is_of_report",
        "record/reporting/selectors/stands.py stands_on",
        *(
            f"record/reporting/selectors/items.py {name}"
            for name in ("key_of", "item_labels", "section_for", "section_of")
        ),
        "record/reporting/selectors/book.py book_of",
        "record/reporting/selectors/book.py keep_books",
        "record/reporting/selectors/book.py read_books",
        "record/reporting/selectors/items.py questions_of",
        "record/reporting/selectors/locks.py late_cells",
        "record/reporting/selectors/locks.py quiet_on",
        "record/reporting/selectors/counts.py state_counts",
        "record/reporting/selectors/counts.py states_by_area",
        "record/reporting/selectors/totals.py areas_counted_by_total",
        "record/reporting/selectors/totals.py counting_totals",
        "record/reporting/selectors/totals.py total_opening_cells",
        "record/reporting/selectors/totals.py total_return_cells",
        "record/reporting/selectors/counts.py excluded_members",
        # What is in a bulletin that `bulletin_for(viewer, …)` has given, or in figures that were taken for a viewer.
        "command/situation/selectors/bulletin.py packed",
        "command/situation/selectors/bulletins.py document_for",
        "command/situation/selectors/bulletins.py faults_of",
        "command/situation/selectors/bulletins.py figures_of",
        "command/situation/selectors/bulletins.py members_frozen",
        "command/situation/selectors/bulletins.py revised",
        # Of offers and profiles that have been read for a viewer.
        "services/policies/selectors/offers.py changed_by",
        "services/policies/selectors/profiles.py values_of",
        # Sums of what has been read.
        "command/situation/selectors/board.py area_rows",
    }
    assert_none_but(house.unscoped_reads(PACKAGE), exempt)


@pytest.mark.parametrize("config", APPS, ids=lambda config: config.label)
def test_an_app_says_in_ten_lines_what_it_is(config):
    docstring = ast.get_docstring(ast.parse((Path(config.path) / "__init__.py").read_text()))
    assert docstring, f"{config.name} has no docstring"
    assert len(docstring.splitlines()) <= 10
    assert config.label == config.name.rsplit(".", 1)[1]


def test_modules_functions_and_templates_keep_their_size():
    python = [module.path for module in house.modules(PACKAGE)] + sorted((ROOT / "bench").glob("*.py"))
    long = [f"{path.name}: {house.lines(path)} lines" for path in python if house.lines(path) > 400]
    long += house.long_functions(python, 50)
    long += [f"{path.name}: {house.lines(path)} lines" for path in PACKAGE.rglob("*.html") if house.lines(path) > 150]
    tests = sorted((ROOT / "tests").rglob("*.py"))
    long += [f"{path.name}: {house.lines(path)} lines" for path in tests if house.lines(path) > 600]
    assert_none_but(long, ())


# --- The database as the last reviewer ------------------------------------------------------------------------------


@pytest.mark.parametrize("constraint", CONSTRAINTS)
def test_a_constraint_has_a_sentence_for_the_user(constraint):
    assert constraint.violation_error_message != BaseConstraint.default_violation_error_message
    assert str(constraint.violation_error_message).endswith(("。", "."))


def test_the_database_knows_every_choice():
    loose = []
    for model in MODELS:
        held = [
            dict(child for child in constraint.condition.children if isinstance(child, tuple))
            for constraint in model._meta.constraints
            if isinstance(constraint, models.CheckConstraint) and isinstance(constraint.condition, models.Q)
        ]
        for field in model._meta.fields:
            states = {value for value, _label in field.flatchoices}
            if states and not any(set(condition.get(f"{field.name}__in", ())) == states for condition in held):
                loose.append(f"{model._meta.label}.{field.name}")
    assert_none_but(loose, ())


def test_lists_have_an_order_or_are_never_listed():
    unordered = [model._meta.label for model in MODELS if not model._meta.ordering]
    exempt = {
        "audit.AuditEntry",  # read by subject or actor through its indexes, each query with its own order
        "accounts.User",
        "registry.EnterpriseGrant",
    }
    assert_none_but(unordered, exempt)


@pytest.mark.parametrize("config", APPS, ids=lambda config: config.label)
def test_migrations_are_linear_and_named_by_intent(config):
    migrations = MigrationLoader(None).disk_migrations
    before: list[str] = []
    names = sorted(name for label, name in migrations if label == config.label)
    for number, name in enumerate(names, start=1):
        own = [parent for label, parent in migrations[config.label, name].dependencies if label == config.label]
        assert own == before[-1:], f"{name} does not follow {before[-1:]}"
        before.append(name)
        assert name.startswith(f"{number:04d}_")
        assert not re.search(r"_auto_|_initial$|_and_more$|_merge_", name), f"{name} does not say what it is for"
        tree = ast.parse((Path(config.path) / "migrations" / f"{name}.py").read_text())
        assert not [name for name in _imports(tree) if name.startswith("fugong")], f"{name} imports what will change"


def _imports(tree: ast.Module) -> list[str]:
    froms = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return froms + [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


# --- Addresses and pages --------------------------------------------------------------------------------------------


def url_names(patterns=None, space: str = "") -> list[str]:
    """Every address of the site by its full name, `(none) <route>` for one without."""
    found = []
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            found.append(f"{space}{pattern.name}" if pattern.name else f"(none) {pattern.pattern}")
        else:
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            found += url_names(pattern.url_patterns, inner)
    return found


def test_every_address_is_named_once_and_has_its_access_row():
    names = url_names()
    assert not [name for name in names if name.startswith("(none)")]
    assert len(names) == len(set(names))
    assert_none_but(names, TABLE)


def test_get_does_not_write_because_the_guard_stands_innermost():
    assert settings.MIDDLEWARE[-1] == "fugong.portal.web.middleware.ReadOnlyMiddleware"


def test_every_template_is_there_and_used():
    templates = house.templates(PACKAGE)
    exempt = {
        # Drawn by allauth under this name.
        "account/logout.html",
    }
    named = house.named_templates(PACKAGE)
    assert not named["computed"], "write the names of templates out: " + ", ".join(named["computed"])
    used = house.reachable(templates, {*named["python"], *exempt})
    assert_none_but(used - templates.keys(), ())
    assert_none_but(templates.keys() - house.reachable(templates, named["python"]), exempt)


def test_translations_are_fresh():
    assert catalogues.problems(PACKAGE) == []


# --- Files ----------------------------------------------------------------------------------------------------------


def test_no_lock_file_records_where_a_package_was_fetched_from():
    names = [path for path in house.tracked_files() if path.name == "package-lock.json" or "requirements" in path.parts]
    assert len(names) >= 4
    origin = re.compile(r'"resolved":|--(extra-)?index-url|--find-links|--trusted-host|https?://|file:|@ ')
    assert [path.name for path in names if path.suffix != ".in" and origin.search(path.read_text())] == []
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text()
    assert "registry" not in (ROOT / ".npmrc").read_text().replace("omit-lockfile-registry-resolved", "")


def fetched_from() -> set[str]:
    """Hosts and folders from which this machine's pip and npm fetch packages, apart from the public registries."""
    told = ("pip_", "npm_config_", "uv_")
    said = "\n".join(f"{name}={value}" for name, value in os.environ.items() if name.lower().startswith(told))
    for command in ([sys.executable, "-m", "pip", "config", "list"], ["npm", "config", "get", "registry"]):
        if shutil.which(command[0]):
            said += subprocess.run(command, capture_output=True, text=True, cwd="/").stdout
    hosts = set(re.findall(r"https?://(?:[^/@\s]*@)?([\w.-]+)", said))
    folders = set(re.findall(r"(?:file://|find[-_]links\W+)(/\w[\w./-]+)", said, re.I))
    return (hosts | folders) - {"pypi.org", "registry.npmjs.org", "localhost", "127.0.0.1"}


def test_no_file_names_this_machine():
    # Written so that the patterns do not find themselves.
    places = [r"/wor[k]/", r"/roo[t]/", r"(?<![\w.])/hom[e]/\w", r"/far[m]/", r"\.\./share[d]", r"/tmp/pla[n]"]
    words = re.compile("|".join([*places, *(re.escape(host) for host in fetched_from())]))
    found = []
    for path in house.tracked_files():
        for number, line in enumerate(house.text_of(path).splitlines(), start=1):
            if match := words.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number} {match.group()}")
    assert_none_but(found, ())


def test_nothing_is_left_to_be_done_later():
    mark = re.compile(r"\b(TOD[O]|FIXM[E]|XX[X])\b")
    code = [path for path in house.tracked_files() if path.suffix in (".py", ".html", ".js", ".css")]
    assert [str(path.relative_to(ROOT)) for path in code if mark.search(house.text_of(path))] == []
