from fugong.record.reporting.models.report import DailyReport, SupersededReport
from fugong.record.reporting.models.total import AreaTotal, SupersededAreaTotal

__all__ = ["AreaTotal", "DailyReport", "SupersededAreaTotal", "SupersededReport"]
