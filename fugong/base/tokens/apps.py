from django.apps import AppConfig


class TokensConfig(AppConfig):
    name = "fugong.base.tokens"
    label = "tokens"
