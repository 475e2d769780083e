"""PostgreSQL and nothing else as a database. DATABASE_URL is set by the site or by the console command."""

import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from fugong.config.settings.environment import flag

# A web request may not hold a worker for long; an import or a migration on the console may.
_WEB = os.environ.get("FUGONG_ROLE") == "web"
_STATEMENT_TIMEOUT = os.environ.get("FUGONG_STATEMENT_TIMEOUT_MS", "10000" if _WEB else "0")
_LOCK_TIMEOUT = os.environ.get("FUGONG_LOCK_TIMEOUT_MS", "3000" if _WEB else "30000")

# Short patience with a database that is away: the next request begins anew, and finds it as soon as it is back.
_POOL = {"min_size": 2, "max_size": 12, "timeout": 5, "reconnect_timeout": 8}

_url = urlsplit(os.environ.get("DATABASE_URL", ""))

DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(_url.path.lstrip("/")),
        "USER": unquote(_url.username or ""),
        "PASSWORD": unquote(_url.password or ""),
        "HOST": _url.hostname or "",
        "PORT": str(_url.port or ""),
        "ATOMIC_REQUESTS": False,
        "CONN_HEALTH_CHECKS": True,  # a connection of before the database's restart is replaced, not tried
        "OPTIONS": {
            **dict(parse_qsl(_url.query)),  # sslmode and its kin
            "options": f"-c statement_timeout={_STATEMENT_TIMEOUT} -c lock_timeout={_LOCK_TIMEOUT}",
            "connect_timeout": 5,
            **({"pool": _POOL} if _WEB and not flag("FUGONG_NO_POOL") else {}),
        },
    }
}
# The same database over a second connection: what a reading request may write (core.readonly) is written there, so that
# it stands by itself, whatever becomes of the request.
LEDGER = "ledger"
_pool = DATABASES["default"]["OPTIONS"].get("pool")
DATABASES[LEDGER] = {
    **DATABASES["default"],
    "OPTIONS": DATABASES["default"]["OPTIONS"] | ({"pool": _pool | {"min_size": 0, "max_size": 4}} if _pool else {}),
}
DATABASE_ROUTERS = ["fugong.core.readonly.LedgerRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
