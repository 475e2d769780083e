from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "fugong.record.desk"
    label = "desk"
