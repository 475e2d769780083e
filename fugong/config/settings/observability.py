"""Logs go to stderr: stdout belongs to the answer of a command. What is measured, and who may read it."""

import os

from fugong.config.settings.environment import default_home, flag

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "fugong.core.logs.JsonFormatter"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "json" if flag("FUGONG_LOG_JSON") else "line"}
    },
    "root": {"handlers": ["stderr"], "level": os.environ.get("FUGONG_LOG_LEVEL", "WARNING")},
    "loggers": {"django.request": {"level": "ERROR"}, "procrastinate": {"level": "WARNING"}},
}
# A statement that takes longer is named in the log, without its values.
SLOW_STATEMENT_MS = float(os.environ.get("FUGONG_SLOW_STATEMENT_MS", "500"))
# Without a token the figures are given to this machine only.
METRICS_TOKEN = os.environ.get("FUGONG_METRICS_TOKEN", "")
# Where `fugong backup` writes and the checks look; empty: nobody said where backups are.
BACKUPS = os.environ.get("FUGONG_BACKUPS", "")
BACKUP_KEEP = os.environ.get("FUGONG_BACKUP_KEEP", "")
HOME = default_home()
