from fugong.record.liaison.models.absence import Absence
from fugong.record.liaison.models.assignment import Assignment

__all__ = ["Absence", "Assignment"]
