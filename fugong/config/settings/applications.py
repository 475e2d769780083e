"""Which rooms the house has, what a request passes through, how pages are drawn."""

from fugong.config.settings.environment import PACKAGE, default_home, flag

DEBUG = flag("FUGONG_DEBUG")

ROOMS = [
    "fugong.portal",
    "fugong.command.headquarters",
    "fugong.command.situation",
    "fugong.services.policies",
    "fugong.record.liaison",
    "fugong.record.desk",
    "fugong.record.reporting",
    "fugong.record.registry",
    "fugong.record.incidents",
    "fugong.base.oversight",
    "fugong.base.questionnaires",
    "fugong.base.notifications",
    "fugong.base.documents",
    "fugong.base.attachments",
    "fugong.base.tokens",
    "fugong.base.accounts",
    "fugong.base.calendars",
    "fugong.base.areas",
    "fugong.base.spreadsheets",
    "fugong.base.audit",
    "fugong.core",
]

INSTALLED_APPS = [
    *ROOMS,
    "fugong.config",  # commands that know where the installation lies: backup, restore
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "fugong.base.accounts.web.middleware.ClientAddressMiddleware",
    "fugong.portal.watching.requests.WatchMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "fugong.base.accounts.web.middleware.ViewerMiddleware",
    "fugong.base.tokens.web.middleware.TokenMiddleware",
    "fugong.base.accounts.web.middleware.FirstDutyMiddleware",
    "fugong.portal.web.middleware.PersonalPagesMiddleware",
    "fugong.portal.web.middleware.RefusalMiddleware",
    "fugong.portal.web.scope.ScopeMiddleware",
    "fugong.base.oversight.web.middleware.WatchMiddleware",
    "fugong.portal.web.middleware.ReadOnlyMiddleware",
]

ROOT_URLCONF = "fugong.config.urls"
WSGI_APPLICATION = "fugong.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "fugong.portal.web.context.shell",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "fugong.core.templatetags.fugong"],
        },
    }
]

STATIC_URL = "/static/"
STATIC_ROOT = default_home() / "static"
STATICFILES_DIRS = [PACKAGE / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
