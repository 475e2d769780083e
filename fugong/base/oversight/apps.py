from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "fugong.base.oversight"
    label = "oversight"
