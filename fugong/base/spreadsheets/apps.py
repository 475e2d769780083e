from django.apps import AppConfig


class SpreadsheetsConfig(AppConfig):
    name = "fugong.base.spreadsheets"
    label = "spreadsheets"
