from fugong.record.liaison.models.absence import Absence
from fugong.record.liaison.models.assignment import Assignment
from fugong.record.liaison.models.check import VisitCheck
from fugong.record.liaison.models.plan import EnterprisePlan, PlanItem
from fugong.record.liaison.models.visit import PlannedVisit, Visit, VisitPhoto

__all__ = [
    "Absence",
    "Assignment",
    "EnterprisePlan",
    "PlanItem",
    "PlannedVisit",
    "Visit",
    "VisitCheck",
    "VisitPhoto",
]
