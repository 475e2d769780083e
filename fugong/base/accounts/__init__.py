"""Who may: people, the bodies they belong to, the mandates they hold there within an area for a time.

Aggregates: User, Body, Mandate. `selectors.viewer_for` turns them into the Viewer of a request.
"""
