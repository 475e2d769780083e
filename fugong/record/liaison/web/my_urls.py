from __future__ import annotations

from django.urls import path

from fugong.record.liaison.web.views import field, plans, sending

app_name = "field"
urlpatterns = [
    path("", field.today, name="today"),
    path("paper/", field.paper, name="paper"),
    path("<int:pk>/", field.enterprise, name="enterprise"),
    path("<int:pk>/call/<int:contact>/", field.call, name="call"),
    path("<int:pk>/visit/", sending.visit, name="visit"),
    path("<int:pk>/visit/send/", sending.send_visit, name="send_visit"),
    path("<int:pk>/photo/send/", sending.send_photo, name="send_photo"),
    path("photos/<int:pk>.jpg", sending.photo, name="photo"),
    path("<int:pk>/ask/", sending.ask, name="ask"),
    path("<int:pk>/ask/send/", sending.send_ask, name="send_ask"),
    path("<int:pk>/plan/", field.plan, name="plan"),
    path("<int:pk>/plan/<int:plan_pk>/cancel/", field.plan_cancel, name="plan_cancel"),
    path("<int:pk>/one-plan/", plans.sheet, name="plan_sheet"),
    path("<int:pk>/one-plan/draft/", plans.draft, name="plan_draft"),
    path("<int:pk>/one-plan/facts/", plans.facts, name="plan_facts"),
    path("<int:pk>/one-plan/agree/", plans.agree, name="plan_agree"),
    path("<int:pk>/one-plan/items/new/", plans.item_new, name="plan_item_new"),
    path("<int:pk>/one-plan/items/<int:item_pk>/", plans.item, name="plan_item"),
    path("<int:pk>/one-plan/items/<int:item_pk>/end/", plans.item_end, name="plan_item_end"),
    path("<int:pk>/one-plan/plan.<slug:form>", plans.file, name="plan_file"),
]
