"""Lines of service that stand on the record: policies, subsidies, permits, supplies and their kin. No room yet."""
