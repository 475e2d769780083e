"""Finding PostgreSQL and keeping its cluster: what can be tried without starting a server."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from fugong.config import postgres, postgres_binaries
from fugong.config.postgres import Access, Cluster, cluster_for, database_url
from fugong.config.postgres_binaries import Binaries, PostgresError, find_binaries, newest_usable
from fugong.config.postgres_settings import choose_port, server_settings


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch):
    for name in ("DATABASE_URL", "FUGONG_PG", "FUGONG_HOME"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def ordinary_user(monkeypatch):
    monkeypatch.setattr(postgres, "system_owner", lambda: None)


def fake_server(folder: Path, version: str, programs=postgres_binaries.NEEDED_PROGRAMS) -> Path:
    """A folder of programs that say they are PostgreSQL of this version."""
    folder.mkdir(parents=True)
    for program in programs:
        path = folder / program
        path.write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
        path.chmod(0o755)
    return folder


@pytest.fixture
def servers(tmp_path, monkeypatch):
    """No server on this machine but those that a test makes under the returned folder."""
    monkeypatch.setattr(postgres_binaries, "DEBIAN_SERVERS", tmp_path / "debian")
    monkeypatch.setattr(postgres_binaries, "_apt_install", lambda package: False)
    monkeypatch.setattr(postgres_binaries, "_embedded_folders", lambda: iter([tmp_path / "wheel" / "bin"]))
    monkeypatch.setattr(postgres_binaries, "_embedded_folders_after_install", lambda: iter([]))
    (tmp_path / "path").mkdir()
    monkeypatch.setenv("PATH", f"{tmp_path / 'path'}:/usr/bin:/bin")
    monkeypatch.setattr(postgres_binaries.shutil, "which", lambda program, **_: find_in(tmp_path / "path", program))
    return tmp_path


def find_in(folder: Path, program: str) -> str | None:
    return str(folder / program) if (folder / program).exists() else None


class TestBinaries:
    def test_newest_installed_server_wins(self, servers):
        fake_server(servers / "debian/15/bin", "15.18 (Debian 15.18-0+deb12u1)")
        newest = fake_server(servers / "debian/17/bin", "17.2")
        assert find_binaries(None) == Binaries(17, newest)

    def test_pg_config_is_asked(self, servers):
        elsewhere = fake_server(servers / "opt/pg/bin", "16.1")
        program = servers / "path" / "pg_config"
        program.write_text(f"#!/bin/sh\necho {elsewhere}\n")
        program.chmod(0o755)
        assert find_binaries(None) == Binaries(16, elsewhere)

    def test_too_old_or_incomplete_servers_are_passed_over(self, servers):
        fake_server(servers / "debian/14/bin", "14.9")
        fake_server(servers / "debian/16/bin", "16.1", programs=("postgres", "pg_ctl"))
        fake_server(servers / "debian/beta/bin", "devel")
        wheel = fake_server(servers / "wheel/bin", "18.4")
        assert find_binaries(None) == Binaries(18, wheel)

    def test_embedded_is_forced(self, servers, monkeypatch):
        fake_server(servers / "debian/19/bin", "19.0")
        wheel = fake_server(servers / "wheel/bin", "18.4")
        monkeypatch.setenv("FUGONG_PG", "embedded")
        assert find_binaries(None) == Binaries(18, wheel)

    def test_existing_cluster_gets_its_own_version(self, servers):
        old = fake_server(servers / "debian/15/bin", "15.18")
        fake_server(servers / "debian/17/bin", "17.2")
        assert find_binaries(None, major=15) == Binaries(15, old)
        with pytest.raises(PostgresError, match="made by PostgreSQL 16, which is not here"):
            find_binaries(None, major=16)

    def test_nothing_found_says_how_to_mend_it(self, servers):
        with pytest.raises(PostgresError, match=r"No PostgreSQL 15 or newer was found: install it .* DATABASE_URL"):
            find_binaries(None)

    def test_program_that_cannot_run_is_no_server(self, tmp_path):
        folder = fake_server(tmp_path / "bin", "17.2")
        (folder / "postgres").write_text("#!/no/such/interpreter\n")
        assert newest_usable(iter([folder]), None) is None

    def test_unknown_choice_is_refused(self, monkeypatch):
        monkeypatch.setenv("FUGONG_PG", "embeded")
        with pytest.raises(PostgresError, match="'embeded'"):
            find_binaries(None)

    def test_wheel_is_never_imported(self, tmp_path, monkeypatch):
        package = tmp_path / postgres_binaries.WHEEL_PACKAGE
        package.mkdir()
        (package / "__init__.py").write_text("raise RuntimeError('imported')")
        fake_server(package / "pginstall/bin", "16.14")
        fake_server(package / "pginstall18/bin", "18.4")
        monkeypatch.syspath_prepend(tmp_path)
        assert newest_usable(postgres_binaries._embedded_folders(), None).major == 18
        assert postgres_binaries.WHEEL_PACKAGE not in sys.modules


class TestPort:
    def test_wanted_port_is_kept_while_it_is_free(self):
        port = choose_port(None)
        assert choose_port(port) == port

    def test_taken_port_is_exchanged(self):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            taken = other.getsockname()[1]
            assert choose_port(taken) != taken


class TestCluster:
    def test_ordinary_user_keeps_it_in_the_home(self, tmp_path, ordinary_user):
        assert cluster_for(tmp_path, "main") == Cluster(tmp_path / "pg" / "main", None)

    def test_forced_embedded_server_has_a_cluster_of_its_own(self, tmp_path, ordinary_user, monkeypatch):
        monkeypatch.setenv("FUGONG_PG", "embedded")
        assert cluster_for(tmp_path, "main").folder == tmp_path / "pg" / "main-embedded"

    def test_root_keeps_it_outside_one_for_each_home(self, tmp_path, monkeypatch):
        owner = postgres_binaries.Owner(1, 1)
        monkeypatch.setattr(postgres, "system_owner", lambda: owner)
        first, again, other = (cluster_for(tmp_path / name, "main") for name in ("a", "a", "b"))
        assert first == again
        assert first.folder != other.folder
        assert first.folder.parent == postgres_binaries.SYSTEM_FOLDER
        assert first.owner == owner

    def test_server_of_a_deleted_checkout_is_stopped(self, tmp_path, monkeypatch):
        monkeypatch.setattr(postgres, "SYSTEM_FOLDER", tmp_path / "lib")
        stopped = []
        monkeypatch.setattr(postgres, "_stop", lambda cluster: stopped.append(cluster.folder.name))
        monkeypatch.setattr(postgres, "_server_pid", lambda data: None if data.parent.name == "main-c" else 1)
        for name in "abc":
            (tmp_path / "lib" / f"main-{name}").mkdir(parents=True)
            (tmp_path / "lib" / f"main-{name}" / "home").write_text(str(tmp_path / name))
        (tmp_path / "a").mkdir()
        owner = postgres_binaries.Owner(1, 1)
        postgres._note_home(Cluster(tmp_path / "lib" / "main-a", owner), tmp_path / "a")
        assert stopped == ["main-b"]

    def test_fresh_checkout_at_an_old_path_does_not_inherit(self, tmp_path, monkeypatch):
        monkeypatch.setattr(postgres, "system_owner", lambda: postgres_binaries.Owner(1, 1))
        before = cluster_for(tmp_path / "home", "main")
        (tmp_path / "home" / "mark").unlink()
        assert cluster_for(tmp_path / "home", "main").folder != before.folder

    def test_password_file_is_closed_to_others(self, tmp_path):
        cluster = Cluster(tmp_path, None)
        access = Access(4711, "secret")
        postgres._write_access(cluster, access)
        assert cluster.record.stat().st_mode & 0o777 == 0o600
        assert postgres._read_access(cluster) == access
        assert access.url == "postgresql://fugong:secret@127.0.0.1:4711/fugong"


class TestRunning:
    """Whether a server runs is read from postmaster.pid, without starting a process."""

    def cluster(self, tmp_path: Path, pid: int, port: int, status: str = "ready   ") -> Cluster:
        cluster = Cluster(tmp_path, None)
        cluster.data.mkdir()
        lines = [pid, cluster.data, 0, port, "", "127.0.0.1", "", status]
        (cluster.data / "postmaster.pid").write_text("".join(f"{line}\n" for line in lines))
        cluster.record.write_text(json.dumps({"port": port, "password": "secret"}))
        return cluster

    @pytest.fixture
    def server(self, tmp_path):
        """A process whose command line names the data folder, as PostgreSQL's does, and which listens."""
        code = (
            "import socket, time; server = socket.create_server(('127.0.0.1', 0)); "
            "print(server.getsockname()[1], flush=True); time.sleep(60)"
        )
        command = [sys.executable, "-c", code, "-D", str(tmp_path / "data")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            yield process.pid, int(process.stdout.readline())
            process.kill()

    def test_ready_server_is_found(self, tmp_path, server):
        pid, port = server
        assert postgres._running(self.cluster(tmp_path, pid, port)) == Access(port, "secret")

    def test_server_that_still_recovers_is_not_ready(self, tmp_path, server):
        assert postgres._running(self.cluster(tmp_path, *server, status="starting")) is None

    def test_left_over_pid_of_a_killed_server_is_stale(self, tmp_path, server):
        gone = subprocess.Popen([sys.executable, "-c", ""])
        gone.wait()
        assert postgres._running(self.cluster(tmp_path, gone.pid, server[1])) is None

    def test_pid_that_now_belongs_to_a_stranger_is_stale_and_forgotten(self, tmp_path):
        cluster = self.cluster(tmp_path, os.getpid(), choose_port(None))
        assert postgres._running(cluster) is None
        postgres._forget_stranger(cluster.data)
        assert not (cluster.data / "postmaster.pid").exists()

    def test_no_cluster_yet(self, tmp_path):
        assert postgres._running(Cluster(tmp_path, None)) is None


class TestDatabaseUrl:
    def test_given_url_is_returned_unchanged(self, monkeypatch):
        monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/else")
        assert database_url() == "postgresql://somewhere/else"

    def test_folder_that_cannot_be_written_is_one_sentence(self, tmp_path, ordinary_user):
        (tmp_path / "pg").write_text("a file where a folder should be")
        with pytest.raises(PostgresError, match="cannot be used"):
            postgres.ensure_database(tmp_path)

    def test_command_refuses_without_a_traceback(self, monkeypatch, capsys):
        monkeypatch.setenv("FUGONG_PG", "nonsense")
        assert postgres.main(["start"]) == 1
        assert capsys.readouterr().err.startswith("fugong: FUGONG_PG is 'nonsense'")


class TestSettings:
    def test_safe_unless_asked_otherwise(self):
        assert not {"fsync", "full_page_writes", "synchronous_commit"} & set(server_settings(1, True))
        assert server_settings(1, False)["fsync"] == "off"

    def test_listens_on_this_machine_only(self):
        settings = server_settings(1234, True)
        assert (settings["listen_addresses"], settings["port"], settings["unix_socket_directories"]) == (
            "127.0.0.1",
            1234,
            "",
        )
        assert settings["timezone"] == "UTC"
