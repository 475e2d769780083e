"""Who gets in and what a browser may load. TLS-only settings follow FUGONG_HTTPS: the demo runs on plain localhost."""

import os

from django.urls import reverse_lazy

from fugong.config.settings.environment import flag, secret_key, words

SECRET_KEY = secret_key()
ALLOWED_HOSTS = words("FUGONG_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = words("FUGONG_ORIGINS")

_https = flag("FUGONG_HTTPS")
SECURE_SSL_REDIRECT = _https
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)/$"]
SECURE_HSTS_SECONDS = 31536000 if _https else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = True
if _https:  # the prefix binds a cookie to this very host; browsers take it over TLS only
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "fugong.portal.web.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

# Counts of keys of the interface stand apart: in the cache of drawn pages three hundred entries push each other out.
_MEMORY = "django.core.cache.backends.locmem.LocMemCache"
CACHES = {
    "default": {"BACKEND": _MEMORY},
    "counts": {"BACKEND": _MEMORY, "LOCATION": "counts", "OPTIONS": {"MAX_ENTRIES": 50_000}},
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["fugong.base.accounts.web.adapters.SignedIn"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("home")

ACCOUNT_ADAPTER = "fugong.base.accounts.web.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = True

# What a key of the interface is allowed unless its maker asks for less.
API_PER_MINUTE = int(os.environ.get("FUGONG_API_PER_MINUTE", "600"))
# Attempts are counted in the database, for all processes and in our own way (base.accounts).
ACCOUNT_RATE_LIMITS = False

# Networks of our own proxies, whose X-Forwarded-For is believed.
PROXIES = words("FUGONG_PROXIES")

# Officials sign in with a second factor once the days of grace after their account's opening are over.
# Open311 shows anybody what is asked of the desk, by category, area and body; a site says so first.
OPEN311 = flag("FUGONG_OPEN311")
SECOND_FACTOR = flag("FUGONG_SECOND_FACTOR", default=True)
SECOND_FACTOR_GRACE_DAYS = int(os.environ.get("FUGONG_SECOND_FACTOR_GRACE_DAYS", "14"))
MFA_ADAPTER = "fugong.base.accounts.web.adapters.MfaAdapter"
# A phone whose clock is half a minute off.
MFA_TOTP_TOLERANCE = 1
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
