"""Watching the installation: what a request costs, what the whole says about itself, in words and in figures."""
