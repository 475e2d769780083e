from django.apps import AppConfig


class SituationConfig(AppConfig):
    name = "fugong.command.situation"
    label = "situation"
