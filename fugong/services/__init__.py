"""Lines of service that stand on the records: what an enterprise is entitled to, and what it gets."""
