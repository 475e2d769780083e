"""Questionnaires: forms that an office writes in a spreadsheet (XLSForm), and what people answered.

Aggregates: Form with its FormVersions (never changed; a change is the next number), Response (answers to one version).
An expression of a form is compiled once, when the form is loaded, and evaluated alike on the phone and on the server.
"""
