from __future__ import annotations

from django.urls import path

from fugong.record.desk.web.views import acts, people, queue, roots, routing, service

app_name = "desk"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("export/", queue.export, name="export"),
    path("new/", queue.new, name="new"),
    path("new/<int:pk>/", queue.enter, name="enter"),
    path("callers/", queue.callers, name="callers"),
    path("people/", people.people, name="people"),
    path("people/<int:body_pk>/<int:pk>/", people.away, name="away"),
    path("roots/", roots.gather, name="gather"),
    path("roots/<int:pk>/", roots.root, name="root"),
    path("service/", service.service, name="service"),
    path("routes/", routing.routes, name="routes"),
    path("routes/<int:pk>/end/", routing.end, name="route_end"),
    path("<slug:number>/", acts.detail, name="detail"),
    path("<slug:number>/<slug:act>/", acts.act, name="act"),
]
