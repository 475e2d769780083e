from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView, LogoutView
from django.views.generic.edit import FormView


class Login(LoginView):
    """Signing in with account and password; there is no page for signing up that a link could lead to."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return FormView.get_context_data(self, **kwargs)


login = Login.as_view()
logout = LogoutView.as_view()
