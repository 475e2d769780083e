from __future__ import annotations

import base64
from hashlib import sha256
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest

from fugong.base.accounts.actions.sessions import note_sign_in
from fugong.base.accounts.enums import FACTOR_IN_SESSION
from fugong.base.accounts.models import User
from fugong.base.accounts.selectors import account_and_viewer
from fugong.core import clock
from fugong.core.viewer import viewer_named


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are opened by officials; nobody signs up. Whoever gets in is noted with the device."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Signing in and out shows on the page itself; no message is stored."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that ClientAddressMiddleware has found."""
        return str(request.META.get("REMOTE_ADDR", ""))

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        request.session[FACTOR_IN_SESSION] = is_mfa_enabled(user)
        request.session.save()
        note_sign_in(
            actor=viewer_named(user.pk, user.name),
            user=user,
            session_key=request.session.session_key,
            user_agent=request.headers.get("User-Agent", ""),
            address=self.get_client_ip(request),
        )


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Seeds of second factors lie encrypted in the database, under the key of the site."""

    def _box(self) -> Fernet:
        return Fernet(base64.urlsafe_b64encode(sha256(f"second factor {settings.SECRET_KEY}".encode()).digest()))

    def encrypt(self, text: str) -> str:
        return self._box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return self._box().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        return "复工"


class SignedIn(AuthenticationBackend):  # type: ignore[misc]
    """allauth's way of getting in. Who a session belongs to is read together with what that person may do today."""

    def get_user(self, user_id: Any) -> User | None:
        user, viewer = account_and_viewer(user_id, clock.today())
        if user is None or not self.user_can_authenticate(user):
            return None
        user.as_viewer = viewer  # type: ignore[attr-defined]
        return user
