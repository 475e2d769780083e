"""No domain, no concrete model: the few mechanisms on which every room stands."""
