"""Incidents and playbooks: what everything operational is dated by and belongs to.

Aggregates: Incident (open → ended; a drill is one of its own), PlaybookVersion (immutable, effective from a date).
"""
