"""What script/plant plants: violations of the house's rules, and leaks of what belongs to another area."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """A command as a person says it, and as it is run."""

    name: str
    words: list[str]


LINT_IMPORTS = Check("lint-imports", ["lint-imports", "--no-cache"])
RUFF = Check("ruff", ["ruff", "check", "--no-cache", "--output-format", "concise", "."])
MESSAGES = Check("fugong messages --check", ["python", "-P", "-m", "fugong", "messages", "--check"])


def pytest(file: str, words: str) -> Check:
    options = ["-q", "-p", "no:cacheprovider", "--show-capture=no", "-k", words]
    return Check(f"pytest tests/{file} -k '{words}'", ["python", "-m", "pytest", f"tests/{file}", *options])


@dataclass(frozen=True)
class Violation:
    """What is planted: in `file` the text `new` for `old` wherever it stands (at the end when `old` is empty).

    `check` must fail and say `telling`, a regular expression that only this violation makes it say.
    """

    what: str
    file: str
    old: str
    new: str
    check: Check
    telling: str


HOUSE = [
    Violation(
        "sideways import",
        "fugong/base/documents/logic/page.py",
        "",
        "\nfrom fugong.base.notifications import enums\n",
        LINT_IMPORTS,
        r"documents.* (?:is not allowed to import|->) .*notifications",
    ),
    Violation(
        "upward foreign key",
        "fugong/base/areas/models/area.py",
        '    path = models.TextField(_("path"), unique=True)\n',
        '    path = models.TextField(_("path"), unique=True)\n'
        '    struck_by = models.ForeignKey("incidents.Incident", models.PROTECT, null=True, related_name="+")\n',
        pytest("test_house.py", "foreign_keys"),
        r"areas\.Area\.struck_by -> incidents\.Incident",
    ),
    Violation(
        "HTTP in an action",
        "fugong/base/areas/actions.py",
        "from django.db import transaction\n",
        "from django.db import transaction\nfrom django.http import HttpResponse\n",
        RUFF,
        r"areas/actions\.py.*TID251.*django\.http",
    ),
    Violation(
        "date.today",
        "fugong/record/incidents/selectors.py",
        "",
        "\nTHE_DAY_OF_THE_MACHINE = date.today()\n",
        RUFF,
        r"incidents/selectors\.py.*TID251.*date\.today",
    ),
    Violation(
        "unnamed URL",
        "fugong/portal/web/urls.py",
        "urlpatterns = [\n",
        'urlpatterns = [\n    path("planted/", views.home),\n',
        pytest("test_house.py", "every_address"),
        r"\(none\) planted/",
    ),
    Violation(
        "URL without an access row",
        "fugong/portal/web/urls.py",
        "urlpatterns = [\n",
        'urlpatterns = [\n    path("planted/", views.home, name="planted"),\n',
        pytest("test_house.py", "every_address"),
        r"^E +planted$",
    ),
    Violation(
        "action without actor",
        "fugong/base/areas/actions.py",
        "",
        '\n\n@transaction.atomic\ndef forget_areas(*, source: str) -> None:\n    """Forget them."""\n'
        "    permissions.can_import_areas(service_viewer(source)).require()\n",
        pytest("test_house.py", "public_action"),
        r"areas/actions\.py forget_areas: no actor: Viewer",
    ),
    Violation(
        "GET that writes",
        "fugong/portal/web/views.py",
        '    """Each role starts where its first duty is."""\n',
        '    """Each role starts where its first duty is."""\n    from django.db import connection\n\n'
        '    connection.cursor().execute("UPDATE areas_area SET name = name")\n',
        pytest("test_access.py", "GET and home"),
        r"WriteInRead: a GET request tried to write: UPDATE areas_area",
    ),
    Violation(
        "undefined template variable",
        "fugong/record/registry/templates/registry/enterprise_list.html",
        "{% block content %}\n",
        "{% block content %}\n  {{ planted }}\n",
        pytest("test_access.py", "GET and registry:list"),
        r"UndefinedVariable: undefined template variable planted",
    ),
    Violation(
        "missing translation",
        "fugong/record/incidents/enums.py",
        "",
        '\nfrom django.utils.translation import gettext_lazy as _\n\nPLANTED = _("A text nobody has translated")\n',
        MESSAGES,
        r"missing: A text nobody has translated",
    ),
]


def leak(what: str, file: str, old: str, new: str, test: str) -> Violation:
    """A weakened guard; the named test of tests/security/test_leaks.py must fail by an assertion of its own."""
    check = pytest("security/test_leaks.py", test)
    return Violation(what, file, old, new, Check(check.name, [*check.words, "--reuse-db"]), rf"FAILED .*{test}")


# Unweakened all tests pass; this also makes the database that the others use again.
SOUND = Check(
    "pytest tests/security/test_leaks.py",
    "python -m pytest tests/security/test_leaks.py -q -p no:cacheprovider --create-db --reuse-db".split(),
)
EVERYWHERE = "Viewer(roles=viewer.roles, covers_root=True)"
LEAKS = [
    leak(
        "missing scope in a selector",
        "fugong/record/registry/selectors/enterprises.py",
        "    seen = Enterprise.objects.managed_within(viewer).select_related(",
        "    seen = Enterprise.objects.select_related(",
        "test_a_selector_keeps_to_the_scope",
    ),
    leak(
        "id of another area in a POST",
        "fugong/record/registry/permissions.py",
        "    inside = area_id is None or viewer.holds(area_id, *KEEPERS)\n",
        "    inside = True\n",
        "test_the_id_of_another_area_in_a_post_is_refused",
    ),
    leak(
        "export",
        "fugong/record/registry/selectors/exports.py",
        "every_enterprise(viewer, wanted, day)",
        f"every_enterprise({EVERYWHERE}, wanted, day)",
        "test_an_export_holds_nothing_of_another_area",
    ),
    leak(
        "API",
        "fugong/record/reporting/selectors/own.py",
        "DailyReport.objects.filter(enterprise_id__in=mine if enterprise is None else mine & {enterprise.pk})",
        "DailyReport.objects.all()",
        "test_the_api_answers_for_ones_own_enterprises_only",
    ),
    leak(
        "panel",
        "fugong/record/registry/selectors/changes.py",
        "    enterprise = enterprise_for(viewer, enterprise_id)\n",
        "    enterprise = Enterprise.objects.get(pk=enterprise_id)\n",
        "test_a_panel_of_another_areas_enterprise_stays_shut",
    ),
    leak(
        "attachment download",
        "fugong/record/registry/selectors/exports.py",
        "ExportRun.objects.filter(pk=pk, actor_id=viewer.id)",
        "ExportRun.objects.filter(pk=pk)",
        "test_a_file_is_open_to_the_one_who_asked_for_it",
    ),
    leak(
        "search",
        "fugong/record/registry/selectors/lists.py",
        "        rows = rows.managed_within(viewer)\n",
        "        pass\n",
        "test_a_search_finds_nothing_of_another_area",
    ),
    leak(
        "autocomplete",
        "fugong/record/registry/selectors/changes.py",
        "    others = enterprises_for(viewer).exclude(pk=enterprise.pk)\n",
        '    others = Enterprise.objects.select_related("managing_area").order_by("name").exclude(pk=enterprise.pk)\n',
        "test_what_is_offered_while_typing_is_ones_own",
    ),
    leak(
        "error message",
        "fugong/record/registry/web/forms.py",
        "        return checked.code\n",
        "        from fugong.record.registry.models import Enterprise\n\n"
        "        taken = Enterprise.objects.filter(uscc=checked.code).first()\n"
        "        if taken:\n            raise forms.ValidationError(taken.name)\n        return checked.code\n",
        "test_an_error_names_nothing_of_another_area",
    ),
    leak(
        "redirect",
        "fugong/record/registry/selectors/lists.py",
        "_narrowed(viewer, ListFilter(), day)",
        f"_narrowed({EVERYWHERE}, ListFilter(), day)",
        "test_a_redirect_leads_to_nothing_of_another_area",
    ),
    leak(
        "field book",
        "fugong/record/registry/selectors/officers.py",
        "Enterprise.objects.standing().granted_to(viewer, GrantCapacity.LIAISON_OFFICER)",
        "Enterprise.objects.standing()",
        "test_an_officer_reads_only_whom_the_officer_looks_after",
    ),
]
