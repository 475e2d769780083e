from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "fugong.base.audit"
    label = "audit"
