from fugong.command.headquarters.models.body import DutyShift, IncidentBody
from fugong.command.headquarters.models.directive import Directive, DirectivePart
from fugong.command.headquarters.models.step import DirectiveStep

__all__ = ["Directive", "DirectivePart", "DirectiveStep", "DutyShift", "IncidentBody"]
