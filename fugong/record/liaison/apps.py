from django.apps import AppConfig


class LiaisonConfig(AppConfig):
    name = "fugong.record.liaison"
    label = "liaison"
