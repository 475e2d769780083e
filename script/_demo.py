"""What script/demo does once the environment stands: database, data, server, worker."""

from __future__ import annotations

import argparse
import http.client
import os
import signal
import subprocess
import sys
import time

from fugong.config.postgres import database_url, default_home, is_running, stop_database
from fugong.config.postgres_binaries import PostgresError
from fugong.portal.management.commands.serve import first_free_port

HOST = "127.0.0.1"
DEMO_MOMENT = "2020-03-24T08:00:00+08:00"
FUGONG = [sys.executable, "-P", "-m", "fugong"]
STARTING_SECONDS = 60
ENDING_SECONDS = 20


class DemoError(RuntimeError):
    """The demonstration cannot go on; the message is one sentence."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/demo", description="Runs the demonstration city.")
    parser.add_argument("--check", action="store_true", help="do all but serve")
    parser.add_argument("--port", type=int, help="port of the server (default: the first free one from 8000)")
    options = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # SIGINT too: a shell's background job ignores it
        signal.signal(number, signal.default_int_handler)
    # One clock for all processes: it reads DEMO_MOMENT at this real second and ticks from there.
    os.environ.setdefault("FUGONG_CLOCK", f"{DEMO_MOMENT}@{int(time.time())}")
    # The city has known passwords and lives on one machine; FUGONG_SECOND_FACTOR=1 shows it with a second factor.
    os.environ.setdefault("FUGONG_SECOND_FACTOR", "0")
    # Nothing in it is anybody's: programs may try the open interface.
    os.environ.setdefault("FUGONG_OPEN311", "1")
    try:
        return check() if options.check else demonstrate(options.port)
    except (PostgresError, DemoError) as error:
        print(f"script/demo: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def check() -> int:
    """Everything but serving; leaves no server behind that was not running before."""
    own_server = not os.environ.get("DATABASE_URL") and not is_running(default_home())
    try:
        prepare()
        run("check")
        run("load-demo", "--figures")
    finally:
        if own_server:
            stop_database(default_home())
    print("The demonstration is ready: script/demo serves it.")
    return 0


def prepare() -> None:
    os.environ["DATABASE_URL"] = database_url()
    run("migrate", "--verbosity", "0")
    run("load-demo")


def run(*words: str) -> None:
    done = subprocess.run([*FUGONG, *words], stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise DemoError(f"'fugong {words[0]}' failed (exit code {done.returncode}).")


def demonstrate(port: int | None) -> int:
    prepare()
    port = port or first_free_port(HOST)
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        # Each in a session of its own: Ctrl-C reaches this process only, which then ends them in order.
        for name, words in {"server": ["serve", "--port", str(port)], "worker": ["worker"]}.items():
            children[name] = subprocess.Popen([*FUGONG, *words], stdin=subprocess.DEVNULL, start_new_session=True)
        wait_until_healthy(port, children)
        print(f"\nFugong runs at http://{HOST}:{port}/  (Ctrl-C ends it)\n", flush=True)
        run("load-demo", "--logins")
        while True:
            stop_on_death(children)
            database_url()  # our own database is started again when it died
            time.sleep(0.5)
    except KeyboardInterrupt:
        return 0
    finally:
        end(children)


def wait_until_healthy(port: int, children: dict[str, subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + STARTING_SECONDS
    while not answers(port):
        stop_on_death(children)
        if time.monotonic() > deadline:
            raise DemoError(f"the server did not answer within {STARTING_SECONDS} seconds.")
        time.sleep(0.2)


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/healthz/")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def stop_on_death(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for name, child in children.items():
        if child.poll() is not None:
            raise DemoError(f"the {name} ended by itself (exit code {child.returncode}).")


def end(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Ask the children to end, the server first, so that no request defers a job to a worker that is gone."""
    for child in children.values():
        if child.poll() is None:
            child.terminate()
        try:
            child.wait(timeout=ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


if __name__ == "__main__":
    sys.exit(main())
