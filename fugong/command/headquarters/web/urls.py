from __future__ import annotations

from django.urls import path

from fugong.command.headquarters.web.views import bodies, directives, meetings

app_name = "headquarters"
urlpatterns = [
    path("", meetings.meetings, name="meetings"),
    path("meetings/prepare/", meetings.prepare, name="meeting_prepare"),
    path("meetings/<int:pk>/", meetings.meeting, name="meeting"),
    path("meetings/<int:pk>/items/<int:item>/<slug:act>/", meetings.item_act, name="item_act"),
    path("meetings/<int:pk>/papers/<slug:paper>/", meetings.paper, name="meeting_paper"),
    path("meetings/<int:pk>/<slug:act>/", meetings.act, name="meeting_act"),
    path("directives/", directives.directives, name="directives"),
    path("directives/new/", directives.new, name="directive_new"),
    path("directives/<int:pk>/", directives.directive, name="directive"),
    path("directives/<int:pk>/parts/<int:part>/", directives.part, name="directive_part"),
    path("directives/<int:pk>/<slug:act>/", directives.act, name="directive_act"),
    path("bodies/", bodies.bodies, name="bodies"),
    path("bodies/set-up/", bodies.set_up, name="bodies_set_up"),
    path("bodies/duty/<int:pk>/remove/", bodies.duty_remove, name="duty_remove"),
]
