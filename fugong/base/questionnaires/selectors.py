from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery

from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_tree
from fugong.base.questionnaires.models import Form, FormVersion, Response
from fugong.base.questionnaires.permissions import can_load_form, can_load_forms, can_see_forms
from fugong.core.decision import OutOfScope
from fugong.core.viewer import Viewer

MOST_EXPORTED = 5000
PAGE = 50


def _own(viewer: Viewer) -> QuerySet[Form]:
    """The whole place's forms, those of the viewer's areas, and those of the areas above them."""
    if viewer.covers_root:
        return Form.objects.all()
    tree = area_tree()
    own = [area for area in tree.areas.values() if area.pk in viewer.area_ids]
    above = {one.pk for area in own for one in tree.ancestors(area)}
    return Form.objects.filter(Q(area__isnull=True) | Q(area_id__in=viewer.area_ids | above))


@dataclass(frozen=True, slots=True)
class Listed:
    """A form in the list: its newest version, and how many answers of it the viewer sees."""

    form: Form
    newest: FormVersion
    responses: int


def forms_for(viewer: Viewer) -> list[Listed]:
    """The forms that an official knows of. Three statements."""
    can_see_forms(viewer).require()
    newest = FormVersion.objects.filter(form=OuterRef("pk")).values("number")[:1]
    forms = {row.pk: row for row in _own(viewer).select_related("area").annotate(latest=Subquery(newest))}
    versions = FormVersion.objects.defer("content").filter(form__in=forms).annotate(last=Max("form__versions__number"))
    counted = Response.objects.within(viewer).filter(version__form__in=forms).order_by()
    counts = dict(counted.values_list("version__form").annotate(Count("pk")))
    latest = {row.form_id: row for row in versions if row.number == row.last}
    return [Listed(form, latest[pk], counts.get(pk, 0)) for pk, form in forms.items() if pk in latest]


def form_for(viewer: Viewer, code: str) -> Form:
    """One of them. Raises `OutOfScope`."""
    can_see_forms(viewer).require()
    found = _own(viewer).select_related("area").filter(code=code).first()
    if found is None:
        raise OutOfScope(f"form {code}")
    return found


def versions_of(viewer: Viewer, form: Form) -> list[FormVersion]:
    """Its versions, the newest first, each with the number of `answers` that the viewer sees."""
    can_see_forms(viewer).require()
    counted = Response.objects.within(viewer).filter(version__form=form).order_by()
    counts = dict(counted.values_list("version").annotate(Count("pk")))
    rows = list(form.versions.defer("content"))
    for row in rows:
        row.answered = counts.get(row.pk, 0)  # type: ignore[attr-defined]
    return rows


def version_for(viewer: Viewer, form: Form, number: int) -> FormVersion:
    """One version with its content. Raises `OutOfScope`."""
    can_see_forms(viewer).require()
    found = form.versions.filter(number=number).first()
    if found is None:
        raise OutOfScope(f"version {number} of {form.code}")
    return found


def newest_versions(viewer: Viewer, codes: Iterable[str]) -> list[FormVersion]:
    """The newest version of each of these forms, in this order. What a form asks is no secret. One statement."""
    order = list(codes)
    if not order:
        return []
    rows = FormVersion.objects.filter(form__code__in=order).select_related("form")
    found = {row.form.code: row for row in rows.order_by("form_id", "-number").distinct("form_id")}
    return [found[code] for code in order if code in found]


def versions_asked_in(viewer: Viewer, area: Area) -> list[FormVersion]:
    """The newest version of each form that an area, or one above it, has asked in its visits. One statement."""
    own = [one.pk for one in area_tree().ancestors(area)]
    rows = FormVersion.objects.filter(form__area__in=own, form__is_asked=True).select_related("form")
    return list(rows.order_by("form_id", "-number").distinct("form_id"))


def newest_of(viewer: Viewer, code: str) -> FormVersion | None:
    """The newest version of a form; None for one that does not exist."""
    return next(iter(newest_versions(viewer, [code])), None)


def form_coded(viewer: Viewer, code: str) -> Form | None:
    """A form by its code, whoever owns it: a code belongs to one form."""
    can_load_forms(viewer).require()
    return Form.objects.filter(code=code).first()


def areas_to_load_for(viewer: Viewer) -> list[Area | None]:
    """The areas for which the viewer may load a form, above townships; None among them: the whole place."""
    tree = area_tree()
    found: list[Area | None] = [None] if can_load_form(viewer, None) else []
    own = [area for area in tree.areas.values() if area.is_reporting and can_load_form(viewer, area.pk)]
    return [*found, *own]


def numbered_version(viewer: Viewer, code: str, number: int) -> FormVersion | None:
    """A version by the code of its form: a phone answers the version that it has kept."""
    return FormVersion.objects.filter(form__code=code, number=number).select_related("form").first()


def response_sent(viewer: Viewer, version: FormVersion, key: UUID) -> Response | None:
    """The answers that the viewer's phone has sent under this key already."""
    return Response.objects.filter(user=viewer.id or 0, version=version, client_key=key).first()


def responses_page(viewer: Viewer, form: Form, after: int | None = None, only_failed: bool = False) -> list[Response]:
    """A page of the answers in the viewer's areas, newest first, and one more if there is a next page."""
    can_see_forms(viewer).require()
    rows = Response.objects.within(viewer).filter(version__form=form)
    if only_failed:
        rows = rows.exclude(failed=[])
    if after is not None:
        last = rows.filter(pk=after).first()
        if last is not None:
            rows = rows.filter(Q(answered_at__lt=last.answered_at) | Q(answered_at=last.answered_at, pk__lt=last.pk))
    return list(rows.select_related("area", "version").defer("version__content")[: PAGE + 1])


def response_for(viewer: Viewer, form: Form, pk: int) -> Response:
    """One set of answers with its version. Raises `OutOfScope`."""
    can_see_forms(viewer).require()
    found = Response.objects.within(viewer).filter(version__form=form, pk=pk).select_related("version", "area").first()
    if found is None:
        raise OutOfScope(f"answers {pk}")
    return found


def responses_to_export(viewer: Viewer, form: Form) -> list[tuple[FormVersion, list[Response]]]:
    """Each version with the answers in the viewer's areas, newest first."""
    can_see_forms(viewer).require()
    rows = Response.objects.within(viewer)
    return [(version, list(rows.filter(version=version)[:MOST_EXPORTED])) for version in form.versions.all()]
