from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "fugong.record.incidents"
    label = "incidents"
