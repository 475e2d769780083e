from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "fugong.record.registry"
    label = "registry"
