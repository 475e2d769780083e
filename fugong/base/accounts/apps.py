from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "fugong.base.accounts"
    label = "accounts"
