from __future__ import annotations

from django.urls import path

from fugong.base.accounts.web.views import entering, own

urlpatterns = [
    path("login/", entering.login, name="account_login"),
    path("logout/", entering.logout, name="account_logout"),
    path("code/", entering.code, name="account_code"),
    path("code/new/", entering.code_secret, name="account_code_secret"),
    path("message/", entering.message, name="account_message"),
    path("message/code/", entering.message_code, name="account_message_code"),
    path("forgotten/", entering.forgotten, name="account_forgotten"),
    # The name under which allauth sends to it between password and page.
    path("factor/", entering.factor, name="mfa_authenticate"),
    path("me/", own.me, name="account_me"),
    path("me/secret/", own.secret, name="account_secret"),
    path("me/deputy/<int:mandate>/", own.deputy, name="account_deputy"),
    path("me/devices/<int:pk>/end/", own.end_one, name="account_device_end"),
    path("me/devices/end/", own.end_all, name="account_devices_end"),
    path("me/factor/", own.factor, name="account_factor"),
    path("me/factor/codes/", own.factor_renew, name="account_factor_renew"),
    path("me/factor/remove/", own.factor_remove, name="account_factor_remove"),
]
