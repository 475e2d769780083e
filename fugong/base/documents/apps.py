from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "fugong.base.documents"
    label = "documents"
