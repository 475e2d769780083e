from __future__ import annotations

from pathlib import Path

from fugong.base.attachments.models import Attachment
from fugong.core.decision import OutOfScope
from fugong.core.files import kept_path
from fugong.core.viewer import Viewer


def picture_file(viewer: Viewer, attachment: Attachment) -> Path:
    """The file of a picture, for a room that has asked whether the viewer may see what it hangs on.

    Raises `OutOfScope` for nobody, and where the file is gone.
    """
    place = kept_path(attachment.sha256)
    if viewer.is_anonymous or not place.is_file():
        raise OutOfScope(f"picture {attachment.pk}")
    return place
