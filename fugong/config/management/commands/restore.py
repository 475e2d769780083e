"""`fugong restore`: a backup comes back."""

from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from fugong.config.backups.programs import BackupError
from fugong.config.backups.restore import restore
from fugong.config.home import default_home
from fugong.config.postgres import database_url


class Command(BaseCommand):
    help = "Brings a backup into an empty database and folder; over what is there only with --overwrite."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("backup", type=Path, help="folder that 'fugong backup' made")
        parser.add_argument("--overwrite", action="store_true", help="replace everything that is there")

    def handle(self, *args: Any, backup: Path, overwrite: bool, **options: Any) -> None:
        known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
        begun = monotonic()
        connections.close_all()
        try:
            done = restore(
                url=database_url(), home=default_home(), backup=backup.absolute(), overwrite=overwrite, known=known
            )
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stderr.write(
            f"restored in {monotonic() - begun:.1f} s: {done.rows} rows, {done.files} files, as of {done.made_at}"
        )
        if done.key_replaced:
            self.stderr.write("The key that was here is kept as secret-key.replaced.")
        self.stderr.write("Next: fugong migrate; fugong doctor")
