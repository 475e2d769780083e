"""Chinese first, English complete."""

import os

from fugong.config.settings.environment import PACKAGE

USE_I18N = True
USE_TZ = True
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
LANGUAGE_COOKIE_NAME = "fu_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
TIME_ZONE = os.environ.get("FUGONG_TIME_ZONE", "Asia/Shanghai")
USE_THOUSAND_SEPARATOR = False
