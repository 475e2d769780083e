"""The situation: figures with their denominators, the board, the bulletin of the day. Reads everything beneath it.

Aggregates: what an indicator means and is to reach (IncidentIndicator, IndicatorTarget: dated, never changed), and the
rollup (Measure, CountedDay, FigureCell), kept by marks that the writers' transactions leave and the worker counts away.
"""
