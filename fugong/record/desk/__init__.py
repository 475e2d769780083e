"""The one desk: whatever an enterprise asks for has an owner, an honest clock, and an end that shows in its figures.

Aggregates: Request (with its entries, parts, pauses and rating), RootProblem, RouteRule, ServiceHours.
States: received -> in_work -> answered -> watching -> ended; back to received when it did not move or was reopened.
"""
