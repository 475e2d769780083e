"""Short messages to people: queued in the act's transaction, sent by a job through an adapter that the site chooses.

Aggregate: Message. States: queued → sent or failed; kept (a drill's, or the site has no gateway); suppressed (said
already within the quiet time). A phone number stands in the row only, never in a log or the trail.
"""
