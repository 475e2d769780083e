from django.apps import AppConfig


class AttachmentsConfig(AppConfig):
    name = "fugong.base.attachments"
    label = "attachments"
