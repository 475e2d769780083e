from __future__ import annotations

from django.urls import path

from fugong.record.registry.web.views import my

app_name = "registry_my"
urlpatterns = [
    path("enterprises/", my.enterprises, name="enterprises"),
    path("<int:pk>/people/", my.people, name="people"),
    path("<int:pk>/changes/", my.changes, name="changes"),
    path("<int:pk>/changes/new/<str:kind>/", my.propose, name="propose"),
    path("<int:pk>/changes/<int:number>/withdraw/", my.withdraw, name="withdraw"),
]
