from fugong.base.calendars.models.day import CalendarDay

__all__ = ["CalendarDay"]
