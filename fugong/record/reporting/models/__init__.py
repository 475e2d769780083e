from fugong.record.reporting.models.lock import DayLock, DueTime, LockException
from fugong.record.reporting.models.report import DailyReport, SupersededReport
from fugong.record.reporting.models.total import AreaTotal, SupersededAreaTotal

__all__ = ["AreaTotal", "DailyReport", "DayLock", "DueTime", "LockException", "SupersededAreaTotal", "SupersededReport"]
