"""What `fugong doctor` and the administrator's page ask of the machine and of the settings; no database is needed."""

from __future__ import annotations

import json
import os
import platform
import shutil
import stat
import subprocess
from ctypes.util import find_library
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import fugong
from fugong.core import clock
from fugong.core.watching import Finding, HealthCheck, fault, health_checks, warning, well

GIB = 2**30
_DISK_FAULT, _DISK_WARNING = 1 * GIB, 5 * GIB
_BACKUP_AGE = timedelta(hours=26)  # one each night, and two hours for a long one
_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
_LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]", "testserver"}


def program() -> Finding:
    """The Python that runs it."""
    versions = {"version": fugong.__version__, "python": platform.python_version()}
    return well(_("Fugong %(version)s on Python %(python)s.") % versions)


def pages() -> Finding:
    """Style sheets, scripts and both languages are there: a package built without them shows bare pages."""
    missing = [
        name for name in ("vendor/tabler.min.css", "vendor/icons.svg", "vendor/htmx.min.js") if not finders.find(name)
    ]
    package = Path(fugong.__file__).parent
    missing += [
        str(place.parent.parent.relative_to(package))
        for place in package.glob("locale/*/LC_MESSAGES/django.po")
        if not place.with_suffix(".mo").exists()
    ]
    if missing:
        return fault(
            _("Files of the pages are missing: %(names)s.") % {"names": ", ".join(missing)},
            _("Install the wheel again; in a checkout run script/demo --check."),
        )
    return well(_("Style sheets, scripts and both languages are there."))


def printing() -> Finding:
    """What a printed document needs of the system."""
    missing = [name for name in ("pango-1.0", "pangoft2-1.0") if find_library(name) is None]
    if missing:
        return fault(
            _("The library Pango is missing: no PDF can be made."),
            _("Install it (Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0)."),
        )
    if not _has_chinese_font():
        return warning(
            _("No Chinese font was found: PDF documents would show empty boxes."),
            _("Install one (Debian: apt-get install fonts-noto-cjk)."),
        )
    return well(_("Pango and a Chinese font are there."))


def _has_chinese_font() -> bool:
    command = shutil.which("fc-list")
    if command:
        listed = subprocess.run(
            [command, ":lang=zh-cn", "family"], capture_output=True, text=True, check=False, timeout=20
        )
        return bool(listed.stdout.strip())
    folders = [Path(folder).expanduser() for folder in _FONT_FOLDERS]
    return any(next(folder.rglob("NotoSansCJK*"), None) for folder in folders if folder.exists())


def disk() -> Finding:
    """Space where files, backups and perhaps the database lie."""
    usage = shutil.disk_usage(settings.HOME)
    words = {"free": f"{usage.free / GIB:.1f}", "place": settings.HOME}
    if usage.free < _DISK_FAULT:
        return fault(
            _("Only %(free)s GB are free at %(place)s.") % words,
            _("Make room now: when the disk is full, nothing more can be saved."),
        )
    if usage.free < _DISK_WARNING:
        return warning(_("%(free)s GB are free at %(place)s.") % words, _("Make room, or give the disk more."))
    return well(_("%(free)s GB are free at %(place)s.") % words)


def place() -> Finding:
    """The folder of this installation belongs to the account that runs it."""
    home = Path(settings.HOME)
    words = {"place": home}
    if not os.access(home, os.W_OK | os.X_OK):
        return fault(
            _("%(place)s cannot be written.") % words,
            _("Give the folder to the account that runs Fugong, or set FUGONG_HOME to another one."),
        )
    key = home / "secret-key"
    if key.exists() and stat.S_IMODE(key.stat().st_mode) & 0o077:
        return fault(
            _("Others on this machine can read %(place)s/secret-key and sign in as anybody.") % words,
            _("Run: chmod 600 %(place)s/secret-key") % words,
        )
    return well(_("%(place)s can be written, and the key is closed to others.") % words)


def safety() -> Finding:
    """Settings that are right on one's own machine and wrong where others can reach it."""
    public = [host for host in settings.ALLOWED_HOSTS if host not in _LOCAL_HOSTS]
    if settings.DEBUG and public:
        return fault(_("Debugging is on: errors show the inside of the program."), _("Unset FUGONG_DEBUG."))
    if public and not settings.SESSION_COOKIE_SECURE:
        return fault(
            _("Pages are served as %(names)s without HTTPS: passwords travel in the open.")
            % {"names": ", ".join(public)},
            _("Put the nginx recipe in front and set FUGONG_HTTPS=1."),
        )
    if not public:
        return well(_("Pages are served to this machine only (FUGONG_HOSTS names no other)."))
    return well(_("HTTPS is on for %(names)s.") % {"names": ", ".join(public)})


def time_set() -> Finding:
    """The clock of a demonstration never runs over real data."""
    if os.environ.get("FUGONG_CLOCK"):
        return warning(
            _("FUGONG_CLOCK is set: today is %(day)s here.") % {"day": clock.today().isoformat()},
            _("For a demonstration or a drill that is right. With real data unset it."),
        )
    return well(_("The machine's own time is used; the place is in the zone %(zone)s.") % {"zone": settings.TIME_ZONE})


def backups() -> Finding:
    """The newest backup that is whole."""
    how = _("Set FUGONG_BACKUPS to a folder on another disk, and start the timer fugong-backup each night.")
    if not settings.BACKUPS:
        return warning(_("Nobody said where backups are kept (FUGONG_BACKUPS)."), how)
    made = [
        datetime.fromisoformat(json.loads(found.read_text(encoding="utf-8"))["made_at"])
        for found in Path(settings.BACKUPS).glob("fugong-*/manifest.json")
    ]
    if not made:
        return fault(_("There is no backup in %(place)s.") % {"place": settings.BACKUPS}, how)
    age = clock.real_now() - max(made)
    words = {"hours": round(age.total_seconds() / 3600), "place": settings.BACKUPS}
    if age > _BACKUP_AGE:
        return fault(
            _("The newest backup in %(place)s is %(hours)s hours old.") % words,
            _("Run 'fugong backup' and read what it says; then look why the timer fugong-backup did not."),
        )
    return well(_("The newest backup in %(place)s is %(hours)s hours old.") % words)


for _order, (_name, _title, _check) in enumerate(
    [
        ("program", gettext_lazy("Program"), program),
        ("pages", gettext_lazy("Page files"), pages),
        ("printing", gettext_lazy("Printing"), printing),
        ("place", gettext_lazy("Folder"), place),
        ("disk", gettext_lazy("Disk"), disk),
        ("safety", gettext_lazy("Safety"), safety),
        ("time", gettext_lazy("Time"), time_set),
        ("backups", gettext_lazy("Backups"), backups),
    ]
):
    health_checks.register(_name, HealthCheck(_name, 10 + _order, _title, _check, needs_database=False))
