"""The console command `fugong`: Django's management commands under this project's settings and database."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from django.core.management import ManagementUtility, get_commands
from django.core.management.base import BaseCommand
from django.db.utils import OperationalError, ProgrammingError
from psycopg.errors import AdminShutdown, CrashShutdown, UndefinedTable

from fugong import __version__
from fugong.config.postgres import database_url
from fugong.config.postgres_binaries import PostgresError
from fugong.core.trouble import trouble_of

PROGRAM = "fugong"
# They read and write files only: a machine that builds or translates needs no database.
WITHOUT_DATABASE = {"", "help", "--help", "-h", "version", "messages", "collectstatic"}
INTERRUPTED = 130
DISK_FULL = "The disk is full; what was not finished is not written. Make room, then run it again."


class Console(ManagementUtility):
    """Django's own command line, with hyphens where file names of commands have underscores."""

    def fetch_command(self, subcommand: str) -> BaseCommand:
        """The command by its hyphenated or its module name; ends the process when there is none."""
        names = get_commands()
        module = subcommand.replace("-", "_")
        return super().fetch_command(module if module in names else subcommand)

    def main_help_text(self, commands_only: bool = False) -> str:
        """The list of commands as they are typed: with hyphens."""
        lines = super().main_help_text(commands_only=commands_only).split("\n")
        return "\n".join(line.replace("_", "-") if line.strip() in get_commands() else line for line in lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; `argv` without the program's name. Returns the exit code, or ends with the command's own."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words == ["--version"]:
        sys.stdout.write(f"{__version__}\n")
        return 0
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fugong.config.settings")
    try:
        if (words or [""])[0] not in WITHOUT_DATABASE and not {"--help", "-h"} & set(words):
            _find_database(words[0])
        Console([PROGRAM, *words]).execute()
    except PostgresError as error:
        return _refused(str(error))
    except OperationalError as error:
        state = getattr(error.__cause__, "sqlstate", None)
        if trouble_of(error) == "full":
            return _refused(DISK_FULL)
        if isinstance(error.__cause__, AdminShutdown | CrashShutdown):
            return _refused("The database ended the connection; what was not finished is not written. Run it again.")
        # Without an SQL state no server answered at all; anything else is a fault of ours and keeps its traceback.
        if state is not None:
            raise
        return _refused(f"The database does not answer: {' '.join(str(error).split())}")
    except ProgrammingError as error:
        if not isinstance(error.__cause__, UndefinedTable):
            raise
        return _refused("The database has no tables yet, or those of an older release. Run: fugong migrate")
    except BrokenPipeError:  # the reader, such as `head`, has seen enough; nothing is left to flush at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        if trouble_of(error) != "full":
            raise
        return _refused(DISK_FULL)
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


def _find_database(command: str) -> None:
    try:
        os.environ["DATABASE_URL"] = database_url()
    except PostgresError as error:
        if command != "doctor":  # it goes on and says what else is missing
            raise
        sys.stderr.write(f"{PROGRAM}: {error}\n")


def _refused(sentence: str) -> int:
    sys.stderr.write(f"{PROGRAM}: {sentence}\n")
    return 1
