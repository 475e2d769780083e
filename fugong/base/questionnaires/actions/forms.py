from __future__ import annotations

from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.audit.actions import record
from fugong.base.questionnaires import permissions
from fugong.base.questionnaires.logic.xlsform import Definition
from fugong.base.questionnaires.models import Form, FormVersion
from fugong.core import clock, files
from fugong.core.viewer import Viewer


@transaction.atomic
def load_form(
    *,
    actor: Viewer,
    definition: Definition,
    path: Path,
    file_name: str,
    area_id: int | None = None,
    is_new: bool = False,
) -> FormVersion:
    """Keep a form as its next version; the same content as the newest version changes nothing and returns that one.

    `path`: the .xlsx that `definition` was read from, kept as evidence. `area_id`: whose a form is that does not exist
    yet; None: the whole place's. `is_new`: the sender means a new form. Raises `Denied`, and `ValidationError` when the
    code is that of another form.
    """
    permissions.can_load_form(actor, area_id).require()
    form, is_first = Form.objects.get_or_create(code=definition.code, defaults={"area_id": area_id})
    form = Form.objects.select_for_update().get(pk=form.pk)
    if not is_first and (is_new or form.area_id != area_id):
        raise ValidationError(
            _("The code “%(code)s” belongs to another form. Change form_id in the sheet settings.")
            % {"code": definition.code}
        )
    newest = form.versions.first()
    if newest is not None and newest.digest == definition.digest:
        return newest
    version = FormVersion.objects.create(
        form=form,
        number=newest.number + 1 if newest else 1,
        title=definition.content["title"],
        content=definition.content,
        digest=definition.digest,
        file_sha256=files.keep_path(path).sha256,
        file_name=file_name,
        loaded_at=clock.now(),
        loaded_by_name=actor.name,
    )
    record(
        actor=actor,
        verb="questionnaires.form.loaded",
        subject=f"questionnaires.form:{form.pk}",
        area_id=area_id or actor.home_area_id,
        detail={"code": form.code, "version": version.number, "digest": version.digest, "file": version.file_sha256},
    )
    return version


@transaction.atomic
def ask_form(*, actor: Viewer, form: Form) -> None:
    """Ask a form of an area in every visit there from now on."""
    permissions.can_ask_form(actor, form).require()
    _ask(actor, form, is_asked=True, verb="questionnaires.form.asked")


@transaction.atomic
def stop_asking(*, actor: Viewer, form: Form) -> None:
    """Ask it no more; what was answered stays."""
    permissions.can_ask_form(actor, form).require()
    _ask(actor, form, is_asked=False, verb="questionnaires.form.stopped")


def _ask(actor: Viewer, form: Form, *, is_asked: bool, verb: str) -> None:
    form = Form.objects.select_for_update().get(pk=form.pk)
    if form.is_asked == is_asked:
        return
    form.is_asked = is_asked
    form.save(update_fields=["is_asked"])
    record(actor=actor, verb=verb, subject=f"questionnaires.form:{form.pk}", area_id=form.area_id)
