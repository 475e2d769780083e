from django.apps import AppConfig


class HeadquartersConfig(AppConfig):
    name = "fugong.command.headquarters"
    label = "headquarters"
