from fugong.record.reporting.models.draft import ReportDraft
from fugong.record.reporting.models.export import DayExport
from fugong.record.reporting.models.item import AreaItem
from fugong.record.reporting.models.lock import DayLock, DueTime, LockException
from fugong.record.reporting.models.report import DailyReport, SupersededReport
from fugong.record.reporting.models.total import AreaTotal, SupersededAreaTotal

__all__ = [
    "AreaItem",
    "AreaTotal",
    "DailyReport",
    "DayExport",
    "DayLock",
    "DueTime",
    "LockException",
    "ReportDraft",
    "SupersededAreaTotal",
    "SupersededReport",
]
