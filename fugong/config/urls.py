from django.urls import include, path

urlpatterns = [
    path("", include("fugong.portal.web.urls")),
    path("api/v1/", include("fugong.portal.web.api_urls")),
    path("open311/v2/", include("fugong.record.desk.web.open311_urls")),
    path("tokens/", include("fugong.base.tokens.web.urls")),
    path("accounts/", include("fugong.base.accounts.web.urls")),
    path("people/", include("fugong.base.accounts.web.people_urls")),
    path("trail/", include("fugong.base.oversight.web.urls")),
    path("forms/", include("fugong.base.questionnaires.web.urls")),
    path("outbox/", include("fugong.base.notifications.web.urls")),
    # Before the reports, whose addresses take any word for an incident.
    path("my/", include("fugong.record.registry.web.my_urls")),
    path("my/field/", include("fugong.record.liaison.web.my_urls")),
    path("my/plan/", include("fugong.record.liaison.web.plan_urls")),
    path("my/", include("fugong.record.desk.web.my_urls")),
    path("public/", include("fugong.services.policies.web.public_urls")),
    path("my/", include("fugong.services.policies.web.my_urls")),
    path("my/", include("fugong.record.reporting.web.my_urls")),
    path("imports/", include("fugong.base.spreadsheets.web.urls", namespace="place_imports")),
    path("i/<slug:slug>/imports/", include("fugong.base.spreadsheets.web.urls", namespace="imports")),
    path("i/<slug:slug>/enterprises/", include("fugong.record.registry.web.urls")),
    path("i/<slug:slug>/reports/", include("fugong.record.reporting.web.urls")),
    path("i/<slug:slug>/areas/", include("fugong.record.incidents.web.urls")),
    path("i/<slug:slug>/measures/", include("fugong.services.policies.web.urls")),
    path("i/<slug:slug>/desk/", include("fugong.record.desk.web.urls")),
    path("i/<slug:slug>/field/", include("fugong.record.liaison.web.urls")),
    path("i/<slug:slug>/headquarters/", include("fugong.command.headquarters.web.urls")),
    path("i/<slug:slug>/situation/", include("fugong.command.situation.web.urls")),
]

handler400 = "fugong.portal.web.errors.bad_request"
handler403 = "fugong.portal.web.errors.forbidden"
handler404 = "fugong.portal.web.errors.not_found"
handler500 = "fugong.portal.web.errors.server_error"
