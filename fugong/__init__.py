"""Fugong (复工): gets a place's enterprises safely back to work after a disaster."""

__version__ = "0.1.0"
