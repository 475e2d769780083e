"""The headquarters: its bodies and who is on duty, the daily dispatch that prepares itself, directives to their end.

Aggregates: IncidentBody and DutyShift (which bodies serve an incident, who is on duty when), Directive (issued →
acknowledged → claimed done → closed, or sent back; withdrawn), with its steps and parts; lights are computed. Meeting
(prepared → running → closed) with AgendaItems, which keep the figures they saw.
"""
