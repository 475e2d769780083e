from __future__ import annotations

from django.urls import path

from fugong.command.headquarters.web.views import bodies, directives

app_name = "headquarters"
urlpatterns = [
    path("", directives.directives, name="directives"),
    path("directives/new/", directives.new, name="directive_new"),
    path("directives/<int:pk>/", directives.directive, name="directive"),
    path("directives/<int:pk>/parts/<int:part>/", directives.part, name="directive_part"),
    path("directives/<int:pk>/<slug:act>/", directives.act, name="directive_act"),
    path("bodies/", bodies.bodies, name="bodies"),
    path("bodies/set-up/", bodies.set_up, name="bodies_set_up"),
    path("bodies/duty/<int:pk>/remove/", bodies.duty_remove, name="duty_remove"),
]
