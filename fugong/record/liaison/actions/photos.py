from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.attachments.actions import keep_picture
from fugong.base.audit.actions import record
from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.record.liaison import permissions
from fugong.record.liaison.models import Visit, VisitPhoto
from fugong.record.liaison.selectors.section import field_section


@transaction.atomic
def add_photo(*, actor: Viewer, visit: Visit, key: UUID, content: bytes) -> VisitPhoto:
    """Hang a photo on one's own visit. The same key again returns the photo that it made.

    Raises `ValidationError` beyond what the playbook allows of the day of the visit, and for what is no picture.
    """
    permissions.can_add_photo(actor, visit).require()
    # One photo of a visit after the other, so that two at once do not both find room.
    visit = Visit.objects.select_for_update(of=("self",)).select_related("incident", "enterprise").get(pk=visit.pk)
    there = list(visit.photos.order_by("pk"))
    known = next((photo for photo in there if photo.client_key == key), None)
    if known is not None:
        return known
    section = field_section(visit.incident, clock.day_of(visit.happened_at))
    if len(there) >= section.most_photos:
        raise ValidationError(_("A visit has %(most)d photos at most.") % {"most": section.most_photos})
    if len(content) > section.photo_bytes:
        words = _("This photo is larger than %(most)d kB. Take it with a lower resolution.")
        raise ValidationError(words % {"most": section.photo_bytes // 1024})
    attachment = keep_picture(actor=actor, content=content)
    photo = VisitPhoto.objects.create(visit=visit, attachment=attachment, client_key=key, received_at=clock.now())
    record(
        actor=actor,
        verb="liaison.visit.photographed",
        subject=f"registry.enterprise:{visit.enterprise_id}",
        area_id=visit.enterprise.managing_area_id,
        detail={"visit": visit.pk, "photo": photo.pk},
    )
    return photo
