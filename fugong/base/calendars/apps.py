from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    name = "fugong.base.calendars"
    label = "calendars"
