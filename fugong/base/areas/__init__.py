"""Areas: provinces down to villages, and the development zones that have no national code.

Aggregate: Area (a tree with validity and successors; an abolished code stays readable).
"""
