from fugong.record.reporting.models.report import DailyReport, SupersededReport

__all__ = ["DailyReport", "SupersededReport"]
