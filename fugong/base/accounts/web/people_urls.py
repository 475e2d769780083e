from __future__ import annotations

from django.urls import path

from fugong.base.accounts.web.views import bodies, people

app_name = "people"
urlpatterns = [
    path("", people.people_list, name="list"),
    path("new/", people.person_new, name="new"),
    path("<int:pk>/", people.person, name="person"),
    path("<int:pk>/edit/", people.person_edit, name="edit"),
    path("<int:pk>/mandates/new/", people.mandate_new, name="mandate_new"),
    path("<int:pk>/mandates/<int:mandate>/end/", people.mandate_end, name="mandate_end"),
    path("<int:pk>/mandates/<int:mandate>/deputy/", people.deputy_new, name="deputy"),
    path("<int:pk>/code/", people.code_new, name="code"),
    path("<int:pk>/unlock/", people.unlock, name="unlock"),
    path("<int:pk>/devices/end/", people.devices_end, name="devices_end"),
    path("<int:pk>/factor/remove/", people.factor_remove, name="factor_remove"),
    path("<int:pk>/leave/", people.leave, name="leave"),
    path("bodies/", bodies.body_list, name="bodies"),
    path("bodies/new/", bodies.body_new, name="body_new"),
    path("bodies/<int:pk>/edit/", bodies.body_edit, name="body_edit"),
    path("bodies/<int:pk>/edit/codes/", bodies.body_codes, name="body_codes"),
]
