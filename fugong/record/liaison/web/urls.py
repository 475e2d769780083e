from __future__ import annotations

from django.urls import path

from fugong.record.liaison.web.views import assigning, coverage, officers, visits

app_name = "liaison"
urlpatterns = [
    path("", coverage.board, name="coverage"),
    path("uncovered/", coverage.uncovered, name="uncovered"),
    path("teams/", coverage.team, name="team"),
    path("teams/<int:pk>/end/", coverage.team_end, name="team_end"),
    path("visits/", visits.visits, name="visits"),
    path("assign/", assigning.assign, name="assign"),
    path("officers/", officers.officers, name="officers"),
    path("officers/new/", officers.new, name="officer_new"),
    path("officers/<int:pk>/", officers.officer, name="officer"),
    path("officers/<int:pk>/end/", officers.end, name="end"),
    path("officers/<int:pk>/hand-over/", assigning.hand_over_page, name="hand_over"),
    path("officers/<int:pk>/absence/", officers.absence, name="absence"),
    path("officers/<int:pk>/absence/<int:absence_pk>/end/", officers.absence_end, name="absence_end"),
]
