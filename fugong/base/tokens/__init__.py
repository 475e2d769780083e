"""Keys of the interface: another system acts for a person, with less than the person may do, until it is revoked.

Aggregates: ApiToken (stands, or is expired or revoked), KeptAnswer (what a request with an idempotency key was told).
"""
