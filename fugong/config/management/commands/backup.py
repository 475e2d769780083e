"""`fugong backup`: database, files and key into one folder, while people work."""

from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from fugong.config.backups.make import make
from fugong.config.backups.manifest import read, verify
from fugong.config.backups.programs import BackupError
from fugong.config.backups.retention import forget_old, keep_from
from fugong.config.home import default_home
from fugong.config.postgres import database_url
from fugong.core import clock


class Command(BaseCommand):
    help = "Writes a backup (database, files, key) into a new folder and removes those that need not stay."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, help="folder for the backups (default: FUGONG_BACKUPS)")
        parser.add_argument("--keep", help="days,weeks,months to keep (default: FUGONG_BACKUP_KEEP, else all)")
        parser.add_argument("--verify", type=Path, metavar="BACKUP", help="only read a backup again and compare hashes")

    def handle(self, *args: Any, to: Path | None, keep: str | None, **options: Any) -> None:
        try:
            if options["verify"]:
                self._verify(options["verify"])
                return
            keep = keep or settings.BACKUP_KEEP
            rule = keep_from(keep) if keep else None
            target = to or (Path(settings.BACKUPS) if settings.BACKUPS else None)
            if target is None:
                raise BackupError("Say where: --to FOLDER, or set FUGONG_BACKUPS.")
            begun = monotonic()
            made = make(url=database_url(), home=default_home(), target=target.absolute(), now=clock.real_now())
            self.stderr.write(f"backup made in {monotonic() - begun:.1f} s: {sum(read(made).rows.values())} rows")
            self.stdout.write(str(made))
            for gone in forget_old(target, rule) if rule else []:
                self.stderr.write(f"removed by --keep {keep}: {gone.name}")
        except BackupError as error:
            raise CommandError(str(error)) from error

    def _verify(self, backup: Path) -> None:
        manifest = read(backup)
        verify(backup, manifest)
        self.stdout.write(f"{backup}: whole, made {manifest.made_at}, {len(manifest.files)} files")
