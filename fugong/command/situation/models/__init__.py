from fugong.command.situation.models.bulletin import Bulletin, BulletinSeries
from fugong.command.situation.models.bulletin_members import BulletinMembers
from fugong.command.situation.models.bulletin_output import BulletinOutput
from fugong.command.situation.models.bulletin_template import BulletinTemplate
from fugong.command.situation.models.cell import CountedDay, FigureCell, FigureMark, FigureVersion, Measure
from fugong.command.situation.models.indicator import IncidentIndicator, IndicatorTarget

__all__ = [
    "Bulletin",
    "BulletinMembers",
    "BulletinOutput",
    "BulletinSeries",
    "BulletinTemplate",
    "CountedDay",
    "FigureCell",
    "FigureMark",
    "FigureVersion",
    "IncidentIndicator",
    "IndicatorTarget",
    "Measure",
]
