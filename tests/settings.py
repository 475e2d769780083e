"""Settings of the test run: stricter than production, and the same whatever a developer has set."""

import os

for _name in [name for name in os.environ if name.startswith("FUGONG_")]:
    if _name not in {"FUGONG_HOME", "FUGONG_PG", "FUGONG_UPDATE_COUNTS", "FUGONG_TEST_TEMPLATE"}:
        del os.environ[_name]
os.environ["FUGONG_SECRET_KEY"] = "a key for tests only, so that none is written into the checkout"

from fugong.config.postgres import database_url  # noqa: E402

os.environ["DATABASE_URL"] = database_url("test", durable=False)

from fugong.config.settings import *  # noqa: E402, F403
from fugong.config.settings import DATABASES, TEMPLATES  # noqa: E402

# Made by tests/template.py; migrations still run over the copy, and find nothing to do.
if _template := os.environ.get("FUGONG_TEST_TEMPLATE"):
    DATABASES["default"]["TEST"] = {"TEMPLATE": _template}


class UndefinedVariable(LookupError):
    """A template asked for something that its context does not have."""


class Undefined(str):
    """What the engine puts in the place of an undefined variable: using it at all is an error.

    The engine looks for `%s` in it and then formats the variable's name in. `{% if %}` never asks for it: there an
    undefined variable is None, as Django documents. tests/strict.py closes `{% for %}`.
    """

    def __contains__(self, key):
        return True

    def __mod__(self, variable):
        raise UndefinedVariable(f"undefined template variable {variable}")


TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Undefined("undefined")
SECOND_FACTOR = False
# One connection, so that a test sees what it wrote before it commits; tests/test_access.py uses both.
LEDGER = "default"
LOGGING_CONFIG = None  # pytest captures the log itself
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Static files are found when they are asked for: no collectstatic before a test, no walk over them at each start.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
