"""Kill, fill, restart and shift the clock while people report: nothing acknowledged is lost, it comes back."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
from _rig import DATABASE, TODAY, Installation, Person, Rush, doubled, missing

CALM = 3.0  # seconds of the rush before and after a blow
BACK = 60.0  # seconds in which it has to be back by itself
# 302: taken; 503: away, with a time to come back; 0: no answer, the connection broke.
EXPECTED = {302, 503, 0}


class Failed(RuntimeError):
    """A promise was broken; the message says which."""


def require(condition: bool, words: str) -> None:
    if not condition:
        raise Failed(words)


def say(words: str) -> None:
    print(words, flush=True)


def struck(ours: Installation, people: list[Person], blow: Callable[[], None], name: str) -> None:
    """The rush, a blow in its middle, and everything acknowledged asked for afterwards."""
    with Rush(ours, people) as rush:
        ours.wait_until(lambda: rush.count() > len(people) // 2, BACK, "the rush has begun")
        time.sleep(CALM)
        blow()
        struck_at, before = time.monotonic(), rush.count()
        # The next report that is acknowledged for a request sent after the blow: two rounds of answers.
        ours.wait_until(
            lambda: rush.count() > before + len(people) // 4, BACK, f"reports are taken again after: {name}"
        )
        back = time.monotonic() - struck_at
        time.sleep(CALM)
    lost = missing(ours.url(), people)
    answers = dict(sorted(rush.answers.items()))
    say(f"{name}: {rush.count()} acknowledged, {len(lost)} lost, back after {back:.1f} s; answers {answers}")
    require(not lost, f"{name}: acknowledged and not there: {lost[:5]}")
    require(set(answers) <= EXPECTED, f"{name}: answers that nobody should get: {answers}")
    require(doubled(ours.url()) == 0, f"{name}: a report is there twice")


def server_killed(ours: Installation, people: list[Person]) -> None:
    """kill -9 of the web server and its processes; the supervisor starts it again."""
    struck(ours, people, lambda: ours.kill("server"), "server killed")


def one_process_killed(ours: Installation, people: list[Person]) -> None:
    """kill -9 of one web process; the server starts another one by itself."""

    def blow() -> None:
        children = Path(f"/proc/{ours.running['server'].pid}/task/{ours.running['server'].pid}/children").read_text()
        os.kill(int(children.split()[-1]), signal.SIGKILL)

    struck(ours, people, blow, "one web process killed")


def worker_killed(ours: Installation, people: list[Person]) -> None:
    """kill -9 of the worker; what waited is done by the next one, and the trail is sealed to the end."""
    struck(ours, people, lambda: ours.kill("worker"), "worker killed")
    caught_up(ours)


def database_killed(ours: Installation, people: list[Person]) -> None:
    """kill -9 of PostgreSQL's first process; what was committed is on the disk."""
    struck(ours, people, lambda: os.kill(ours.postmaster(), signal.SIGKILL), "database killed")
    caught_up(ours)


def database_restarted(ours: Installation, people: list[Person]) -> None:
    """An administrator restarts the database under load, away for five seconds."""

    def blow() -> None:
        ours.keeps_database = False
        subprocess.run([*DATABASE, "stop"], env=ours.environment, check=True, capture_output=True)
        time.sleep(5)
        ours.keeps_database = True

    struck(ours, people, blow, "database restarted")
    caught_up(ours)


def caught_up(ours: Installation) -> None:
    """Jobs are done, the trail is sealed, and its seals hold."""

    def nothing_waits() -> bool:
        with psycopg.connect(ours.url()) as connection:
            row = connection.execute(
                "SELECT (SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
                " AND coalesce(scheduled_at, now()) <= now()), (SELECT count(*) FROM audit_unsealed)"
            ).fetchone()
        return row == (0, 0)

    took = ours.wait_until(nothing_waits, 150, "jobs done and trail sealed")
    verified = ours.fugong("audit", "verify", check=False)
    require(verified.returncode == 0, f"audit verify: {verified.stdout[-300:]}")
    say(f"    caught up after {took:.1f} s; the trail holds")


def clock_jumped(ours: Installation, people: list[Person]) -> None:
    """The place's clock jumps a day ahead and back again; sessions, jobs and leases go by real time."""
    for moment, day in (("2020-03-25T08:00:00+08:00", "2020-03-25"), (f"{TODAY}T07:00:00+08:00", TODAY)):
        ours.environment["FUGONG_CLOCK"] = f"{moment}@{int(time.time())}"
        for name in ("server", "worker"):
            ours.kill(name)
        ours.wait_until(ours.ready, BACK, "ready after the clock jumped")
        values = {person.enterprise: person.roster // 2 + 1 for person in people}
        statuses = {ours.report(person, values[person.enterprise]) for person in people}
        require(statuses == {302}, f"clock at {day}: answers {statuses}")
        with psycopg.connect(ours.url()) as connection:
            rows = connection.execute(
                "SELECT enterprise_id, on_post FROM reporting_dailyreport WHERE day = %s AND enterprise_id = ANY(%s)",
                [day, list(values)],
            ).fetchall()
        require(dict(rows) == values, f"clock at {day}: not every report stands under its day")
        say(f"clock jumped to {moment}: signed in still, {len(people)} reports under {day}")
    caught_up(ours)


@contextlib.contextmanager
def small_disk(place: Path, megabytes: int) -> Iterator[None]:
    place.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0777", "tmpfs", str(place)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def fill(place: Path, leave: int) -> Path:
    """Take the room of a disk but for `leave` bytes."""
    ballast = place / "ballast"
    usage = os.statvfs(place)
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, usage.f_bavail * usage.f_frsize - leave))
    return ballast


def reports_file(ours: Installation, target: Path, rows: int) -> None:
    """A file of daily reports of one day for enterprises of the register, corrections mostly, padded by remarks."""
    with psycopg.connect(ours.url()) as connection:
        codes = [
            code
            for (code,) in connection.execute(
                "SELECT e.uscc FROM registry_enterprise e JOIN reporting_dailyreport r ON r.enterprise_id = e.id"
                " AND r.day = '2020-03-20' WHERE e.uscc <> '' ORDER BY e.id LIMIT %s",
                [rows],
            )
        ]
    lines = ["uscc,day,state,roster,on_post,remark"]
    lines += [f"{code},2020-03-20,open,100,80,{'备注' * 200}" for code in codes]
    target.write_text("\n".join(lines), encoding="utf-8")


def register_file(ours: Installation, target: Path) -> None:
    """The register as it is: importing it again changes nothing, but the file is kept."""
    with psycopg.connect(ours.url()) as connection:
        rows = connection.execute("SELECT name, uscc FROM registry_enterprise WHERE uscc <> '' ORDER BY id LIMIT 2000")
        target.write_text("\n".join(["企业名称,统一社会信用代码", *(",".join(row) for row in rows)]), encoding="utf-8")


def reports(ours: Installation) -> int:
    with psycopg.connect(ours.url()) as connection:
        row = connection.execute(
            "SELECT count(*), count(*) FILTER (WHERE remark LIKE '备注%%') FROM reporting_dailyreport"
        )
        counts = row.fetchone()
    return int(counts[1]) if counts else 0


def disk_full(folder: Path, ours: Installation, people: list[Person]) -> None:
    """No room for the file of an import, none for the database, none for a backup."""
    table = folder / "reports.csv"
    reports_file(ours, table, 5000)
    register_file(ours, folder / "register.csv")
    before = reports(ours)
    with small_disk(ours.folder / "files", 1):
        fill(ours.folder / "files", 4096)
        told(
            ours.fugong("import-enterprises", str(folder / "register.csv"), check=False), "import, no room for its file"
        )
    with small_disk(folder / "backups", 260):
        refused = ours.fugong("backup", "--to", str(folder / "backups"), check=False)
        if refused.returncode == 0:  # it fits: then take the room while it writes
            refused = backup_while_room_goes(ours, folder / "backups")
        told(refused, "backup with no room")
        left = [path.name for path in (folder / "backups").iterdir() if path.name.startswith(".partial")]
        require(not left, f"a failed backup left {left}")
    with small_disk(folder / "tiny", 20):
        told(ours.fugong("backup", "--to", str(folder / "tiny"), check=False), "backup onto a disk that is too small")
    done = ours.fugong("import-reports", str(table), check=False)
    require(done.returncode == 0, f"with room again the import fails: {done.stderr[-300:]}")
    say(f"with room again the same file is taken: {reports(ours) - before} rows")
    database_full(folder, table)


def backup_while_room_goes(ours: Installation, target: Path) -> subprocess.CompletedProcess[str]:
    ending = threading.Event()

    def eat() -> None:
        while not ending.is_set():
            if any(path.name.startswith(".partial") for path in target.iterdir()):
                with contextlib.suppress(OSError):
                    fill(target, 16384)
                return
            time.sleep(0.01)

    eater = threading.Thread(target=eat)
    eater.start()
    try:
        return ours.fugong("backup", "--to", str(target), check=False)
    finally:
        ending.set()
        eater.join()


def told(done: subprocess.CompletedProcess[str], what: str) -> None:
    """One sentence, exit code 1, no traceback."""
    sentence = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1]
    say(f"{what}: exit code {done.returncode}: {sentence}")
    require(done.returncode == 1, f"{what}: exit code {done.returncode}")
    require("Traceback" not in done.stderr, f"{what}: a traceback: {done.stderr[-800:]}")


def database_full(folder: Path, table: Path) -> None:
    """The database's own disk is full in the rush: 503 with the reason, and it goes on when there is room again."""
    from fugong.config.postgres import cluster_for

    home = folder / "tight"
    home.mkdir()
    tight = Installation(home, 18522)
    cluster = cluster_for(home, "main").folder
    with small_disk(cluster, 900):
        try:
            cluster.chmod(0o711)
            tight.prepare()
            people = tight.people(10)
            tight.start()
            with Rush(tight, people) as rush:
                tight.wait_until(lambda: rush.count() > 10, BACK, "the rush has begun")
                ballast = fill(cluster, 3 * 2**20)
                refused = tight.fugong("import-reports", str(table), check=False)
                say(f"import into a full database: exit code {refused.returncode}: {refused.stderr.strip()[-160:]}")
                require("Traceback" not in refused.stderr, f"a traceback: {refused.stderr[-800:]}")
                time.sleep(CALM)
                ballast.unlink()
                before = rush.count()
                took = tight.wait_until(lambda: rush.count() > before + 10, BACK, "reports are taken again")
            lost = missing(tight.url(), people)
            say(
                f"database's disk full: {rush.count()} acknowledged, {len(lost)} lost, back {took:.1f} s after"
                f" there was room; answers {dict(rush.answers)}"
            )
            require(not lost, f"acknowledged and not there: {lost[:5]}")
            require(set(rush.answers) <= EXPECTED, f"answers that nobody should get: {dict(rush.answers)}")
        finally:
            tight.stop()
            subprocess.run([*DATABASE, "stop"], env=tight.environment, capture_output=True)


SCENES = (server_killed, one_process_killed, worker_killed, database_killed, database_restarted, clock_jumped)


def main() -> int:
    names = {scene.__name__.replace("_", "-"): scene for scene in SCENES}
    parser = argparse.ArgumentParser(prog="script/chaos", description=__doc__)
    parser.add_argument(
        "scenes", nargs="*", metavar="SCENE", help=f"of {', '.join([*names, 'disk-full'])}; default: all"
    )
    parser.add_argument("--clients", type=int, default=20, help="people who report meanwhile (default: %(default)s)")
    options = parser.parse_args()
    chosen = options.scenes or [*names, "disk-full"]
    if unknown := set(chosen) - {*names, "disk-full"}:
        parser.error(f"no such scene: {', '.join(sorted(unknown))}")
    failures = []
    with tempfile.TemporaryDirectory(prefix="fugong-chaos-") as folder:
        Path(folder).chmod(0o755)
        ours = Installation(Path(folder) / "home", 18521)
        try:
            ours.prepare()
            people = ours.people(options.clients)
            ours.start()
            for name in chosen:
                for person in people:
                    person.acknowledged.clear()
                try:
                    if name == "disk-full":
                        if os.geteuid() != 0:
                            say("disk-full: needs root, for a small disk is mounted; left out")
                            continue
                        disk_full(Path(folder), ours, people)
                    else:
                        names[name](ours, people)
                except (Failed, RuntimeError) as error:
                    say(f"FAILED {name}: {error}")
                    failures.append(name)
        finally:
            ours.remove()
    say(
        f"broken: {', '.join(failures)}"
        if failures
        else "nothing acknowledged was lost; everything came back by itself"
    )
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
