"""Attachments: pictures that people took, kept under the hash of what is stored, never as they came.

Aggregate: Attachment. A picture is decoded and written anew (`logic/pictures.py`), so that neither the place and the
phone it was taken with nor anything hidden in the file stays. The room that attaches one says who may see it; nothing
here has an address. Files lie with the others that are kept (`core.files`), so the backup has them.
"""
