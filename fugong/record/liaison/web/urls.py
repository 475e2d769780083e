from __future__ import annotations

from django.urls import path

from fugong.record.liaison.web.views import assigning, coverage, officers, planned, plans, visits

app_name = "liaison"
urlpatterns = [
    path("", coverage.board, name="coverage"),
    path("uncovered/", coverage.uncovered, name="uncovered"),
    path("teams/", coverage.team, name="team"),
    path("teams/<int:pk>/end/", coverage.team_end, name="team_end"),
    path("export/<slug:name>/", coverage.export, name="export"),
    path("visits/", visits.visits, name="visits"),
    path("planned/", planned.planned, name="planned"),
    path("planned/<int:pk>/", planned.plan, name="plan_visit"),
    path("planned/<int:pk>/<int:plan_pk>/cancel/", planned.cancel, name="plan_visit_cancel"),
    path("photos/<int:pk>.jpg", visits.photo, name="photo"),
    path("plans/", plans.plans, name="plans"),
    path("plans/draft/", plans.plans_draft, name="plans_draft"),
    path("plans/<int:pk>/", plans.sheet, name="plan_sheet"),
    path("plans/<int:pk>/draft/", plans.draft, name="plan_draft"),
    path("plans/<int:pk>/facts/", plans.facts, name="plan_facts"),
    path("plans/<int:pk>/agree/", plans.agree, name="plan_agree"),
    path("plans/<int:pk>/items/new/", plans.item_new, name="plan_item_new"),
    path("plans/<int:pk>/items/<int:item_pk>/", plans.item, name="plan_item"),
    path("plans/<int:pk>/items/<int:item_pk>/end/", plans.item_end, name="plan_item_end"),
    path("plans/<int:pk>/plan.<slug:form>", plans.file, name="plan_file"),
    path("assign/", assigning.assign, name="assign"),
    path("officers/", officers.officers, name="officers"),
    path("officers/new/", officers.new, name="officer_new"),
    path("officers/<int:pk>/", officers.officer, name="officer"),
    path("officers/<int:pk>/end/", officers.end, name="end"),
    path("officers/<int:pk>/hand-over/", assigning.hand_over_page, name="hand_over"),
    path("officers/<int:pk>/absence/", officers.absence, name="absence"),
    path("officers/<int:pk>/absence/<int:absence_pk>/end/", officers.absence_end, name="absence_end"),
]
