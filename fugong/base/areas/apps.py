from django.apps import AppConfig


class AreasConfig(AppConfig):
    name = "fugong.base.areas"
    label = "areas"
