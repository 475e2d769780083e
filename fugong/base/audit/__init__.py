"""The trail: who did what to whom, when, from where, why. It knows nobody: the actor is stored by value.

Aggregate: AuditEntry (append-only; a trigger refuses change).
"""
