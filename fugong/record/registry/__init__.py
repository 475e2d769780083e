"""The register: enterprises, where they are managed, who may act for them.

Aggregates: Enterprise (active → closed), EnterpriseGrant (dated; proposed by nobody, given by a named person).
"""
