from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "fugong.record.reporting"
    label = "reporting"
