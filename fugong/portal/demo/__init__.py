"""The demonstration city: invented enterprises, bodies and people, loaded by the same actions as real ones."""
