"""The trail: who did what to whom, when, from where, why. It knows nobody: the actor and the area are stored by value.

Aggregates: AuditEntry (append-only; a trigger refuses change), Seal (a chain over the entries, so that a change by
whoever gets past the trigger shows).
"""
