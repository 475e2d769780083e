"""The tests: they mirror the package. What guards the house itself stands in test_house.py and test_access.py."""
