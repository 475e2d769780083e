"""Files: where they are kept, and how large one that is sent may be."""

from fugong.config.settings.environment import default_home

FILES_ROOT = default_home() / "files"
# The largest table that is read has 250 MB (base.spreadsheets); the rest is the form around it.
UPLOAD_BYTES = 251 * 2**20
# Straight to disk: four requests at once, each with a large file, would not fit into memory.
FILE_UPLOAD_HANDLERS = [
    "fugong.portal.web.uploads.SizeLimit",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
