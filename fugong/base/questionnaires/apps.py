from django.apps import AppConfig


class QuestionnairesConfig(AppConfig):
    name = "fugong.base.questionnaires"
    label = "questionnaires"
