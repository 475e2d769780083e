from __future__ import annotations

from django.db import transaction

from fugong.base.attachments import permissions
from fugong.base.attachments.logic.pictures import redrawn
from fugong.base.attachments.models import Attachment
from fugong.core import clock
from fugong.core.files import keep
from fugong.core.viewer import Viewer


@transaction.atomic
def keep_picture(*, actor: Viewer, content: bytes) -> Attachment:
    """Store a picture, written anew; the same one again is the one that is there. Raises `ValidationError`.

    The room that attaches it puts that on record. The file is there before its row: a transaction that fails leaves a
    file that nothing names.
    """
    permissions.can_keep_picture(actor).require()
    picture = redrawn(content)
    kept = keep([picture.content])
    attachment, _is_new = Attachment.objects.get_or_create(
        sha256=kept.sha256,
        defaults={
            "size": kept.size,
            "width": picture.width,
            "height": picture.height,
            "kept_at": clock.now(),
            "kept_by_name": actor.name,
        },
    )
    return attachment
