from fugong.command.situation.models.cell import CountedDay, FigureCell, FigureMark, FigureVersion, Measure
from fugong.command.situation.models.indicator import IncidentIndicator, IndicatorTarget

__all__ = [
    "CountedDay",
    "FigureCell",
    "FigureMark",
    "FigureVersion",
    "IncidentIndicator",
    "IndicatorTarget",
    "Measure",
]
