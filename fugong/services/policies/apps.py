from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "fugong.services.policies"
    label = "policies"
