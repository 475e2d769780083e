from fugong.command.headquarters.models.body import DutyShift, IncidentBody
from fugong.command.headquarters.models.directive import Directive, DirectivePart
from fugong.command.headquarters.models.meeting import AgendaItem, Meeting
from fugong.command.headquarters.models.step import DirectiveStep

__all__ = ["AgendaItem", "Directive", "DirectivePart", "DirectiveStep", "DutyShift", "IncidentBody", "Meeting"]
