from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "fugong.base.notifications"
    label = "notifications"
