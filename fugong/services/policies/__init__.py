"""Policies: what an enterprise is entitled to, and why not, decided by rules that are data.

Aggregates: PolicyDocument, Measure (with its dated versions), EnterpriseAnswer, Standing (a measure for an enterprise).
Answers: yes with the amount line by line | no because of a condition | unknown: these facts are missing.
Version: draft -> published; outside its dates it is a mark, never an offer.
"""
