"""The field book: who looks after whom, for how long; who stands in; visits and calls, planned and done.

Aggregates: Assignment, Absence. An assignment of a person to an enterprise is a right there: it writes an
EnterpriseGrant downwards. Kinds of assignments and how often they come are data of the playbook (`field.toml`).
States: an assignment holds from `valid_from` to `valid_to`, unless taken away before (`revoked_on`).
"""
