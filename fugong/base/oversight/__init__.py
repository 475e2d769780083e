"""Oversight: the auditor's page over the trail, opening personal data on the record, reads outside one's own area.

No aggregate of its own: everything is an entry of the trail. Rooms say in their `trail.py` what their acts are called.
"""
