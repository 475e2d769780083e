from __future__ import annotations

from django.urls import path

from fugong.record.registry.web.views import (
    changes,
    contacts,
    enterprises,
    facts,
    lists,
    merge,
    panels,
    people,
    proposals,
    scope,
)

app_name = "registry"
urlpatterns = [
    path("", lists.enterprise_list, name="list"),
    path("count/", lists.count, name="count"),
    path("tags/", lists.tags, name="tags"),
    path("find/", lists.find, name="find"),
    path("export/", lists.export, name="export"),
    path("export/<int:export>/", lists.export_run, name="export_run"),
    path("export/<int:export>/file/", lists.export_file, name="export_file"),
    path("new/", enterprises.enterprise_new, name="new"),
    path("<int:pk>/", enterprises.enterprise_detail, name="detail"),
    path("<int:pk>/panels/<str:name>/", panels.panel, name="panel"),
    path("<int:pk>/edit/", enterprises.enterprise_edit, name="edit"),
    path("<int:pk>/reporters/new/", enterprises.reporter_invite, name="invite"),
    path("<int:pk>/contacts/new/", contacts.contact_new, name="contact"),
    path("<int:pk>/contacts/<int:contact>/end/", contacts.contact_end, name="contact_end"),
    path("<int:pk>/facts/new/", facts.fact_new, name="fact"),
    path("<int:pk>/scope/", scope.scope_exclude, name="exclude"),
    path("<int:pk>/scope/include/", scope.scope_include, name="include"),
    path("<int:pk>/people/", people.people, name="people"),
    path("<int:pk>/people/<int:grant>/end/", people.grant_end, name="grant_end"),
    path("<int:pk>/people/<int:grant>/code/", people.grant_code, name="grant_code"),
    path("<int:pk>/people/proposals/<int:number>/", people.proposal_answer, name="people_answer"),
    path("sheets/", people.sheets, name="sheets"),
    path("sheets/<int:pk>/file/", people.sheet_file, name="sheet_file"),
    path("sheets/<int:pk>/revoke/", people.sheet_revoke, name="sheet_revoke"),
    path("moves/", changes.moves, name="moves"),
    path("proposals/", proposals.proposals, name="proposals"),
    path("proposals/<int:number>/", proposals.proposal, name="proposal"),
    path("<int:pk>/close/", changes.close, name="close"),
    path("<int:pk>/reopen/", changes.reopen, name="reopen"),
    path("<int:pk>/move/", changes.move, name="move"),
    path("<int:pk>/code/", changes.code, name="code"),
    path("<int:pk>/merge/", merge.merge, name="merge"),
    path("<int:pk>/merge/<int:other>/", merge.merge_preview, name="merge_preview"),
]
