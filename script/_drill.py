"""Restore drill and upgrade drill: what would be lost, and how long it takes, measured on the demonstration city."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
from _rig import ROOT, Installation, Rush, missing

PREVIOUS = "2afada7"  # the release before this one


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/drill", description=__doc__)
    parser.add_argument("what", nargs="?", choices=["restore", "upgrade"], default="restore")
    parser.add_argument("--clients", type=int, default=50, help="people who report meanwhile (default: %(default)s)")
    parser.add_argument("--from", dest="previous", default=PREVIOUS, help="commit or tag to upgrade from")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fugong-drill-") as folder:
        if options.what == "restore":
            return restore_drill(Path(folder), options.clients)
        return upgrade_drill(Path(folder), options.previous)


def say(words: str) -> None:
    print(words, flush=True)


def restore_drill(folder: Path, clients: int) -> int:
    ours = Installation(folder / "here", 18511)
    other = Installation(folder / "there", 18512)
    try:
        ours.prepare()
        people = ours.people(clients)
        ours.start()
        say(f"{len(people)} people report without a pause")
        with Rush(ours, people) as rush:
            ours.wait_until(lambda: rush.count() > 3 * len(people), 120, "the rush has begun")
            begun, before = time.time(), rush.count()
            made = ours.fugong("backup", "--to", str(folder / "backups")).stdout.strip()
            ended, after = time.time(), rush.count()
            say(f"backup in {ended - begun:.1f} s; meanwhile {after - before} more reports were acknowledged")
            time.sleep(5)
        ours.stop()
        lost_forever = sum(at > ended for person in people for at, _value in person.acknowledged)
        say(f"then the server is lost; {rush.count()} reports had been acknowledged, answers: {dict(rush.answers)}")

        begun_restore = time.monotonic()
        answer = other.fugong("restore", made).stderr.splitlines()
        say(next(line for line in answer if line.startswith("restored")))
        other.fugong("migrate", "--verbosity", "0")
        other.start()
        ready = time.monotonic() - begun_restore
        say(f"elsewhere, from nothing to the first answer: {ready:.1f} s")
        failures = check_restored(other, Path(made), people, begun)
        say(f"loss: the {lost_forever} reports after the backup's end; none acknowledged before its start is missing")
        return 1 if failures else 0
    finally:
        other.remove()
        ours.remove()


def check_restored(other: Installation, made: Path, people: list, begun: float) -> int:  # type: ignore[type-arg]
    """Everything of before the backup is there; the books agree with what they are kept of."""
    failures = 0
    lost = missing(other.url(), people, until=begun)
    failures += bool(lost)
    say(f"acknowledged before the backup and missing after the restore: {len(lost)} {lost[:3]}")
    for words in (["audit", "verify"], ["figures", "--recount"], ["doctor"]):
        done = other.fugong(*words, check=False)
        text = (done.stdout.strip() or done.stderr.strip()).splitlines()
        say(f"fugong {' '.join(words)}: exit code {done.returncode}; {text[-1] if text else ''}")
        failures += words[0] != "doctor" and done.returncode != 0
    saved = json.loads((made / "manifest.json").read_text())["rows"]
    with psycopg.connect(other.url()) as connection:
        for table in ("reporting_dailyreport", "reporting_supersededreport", "registry_enterprise"):
            count = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # type: ignore[index]
            say(f"{table}: {saved[table]} rows at the moment of the backup, {count} restored")
            failures += count != saved[table]
    return failures


def upgrade_drill(folder: Path, previous: str) -> int:
    """The demonstration city of the release before, brought up by this one: the same figures, and it goes on."""
    old = folder / "old"
    old.mkdir()
    archive = subprocess.run(["git", "archive", previous], cwd=ROOT, capture_output=True, check=True)
    subprocess.run(["tar", "-x", "-C", str(old)], input=archive.stdout, check=True)
    ours = Installation(folder / "here", 18513)
    theirs = {"PYTHONPATH": str(old)}
    try:
        ours.fugong("messages", "--compile", **theirs)
        ours.fugong("migrate", "--verbosity", "0", **theirs)
        ours.fugong("load-demo", **theirs)
        before = figures(ours, **theirs)
        say(f"{previous}: demonstration city loaded, {len(before)} figures")
        refused = ours.fugong("doctor", check=False)
        say("before: " + next(line for line in refused.stdout.splitlines() if "Tables" in line).strip())
        made = ours.fugong("backup", "--to", str(folder / "backups")).stdout.strip()
        begun = time.monotonic()
        ours.fugong("migrate", "--verbosity", "0")
        say(f"backup {Path(made).name}, then migrate in {time.monotonic() - begun:.1f} s")
        after = figures(ours)
        differing = sorted(key for key in before if before[key] != after.get(key))
        say(f"figures that differ afterwards: {len(differing)} {differing[:3]}")
        ours.start()
        people = ours.people(3)
        statuses = [ours.report(person, person.roster // 2) for person in people]
        say(f"it serves, and reports are taken: {statuses}")
        ours.stop()
        ours.fugong("restore", made, "--overwrite")
        back = figures(ours, **theirs)
        say(f"way back: the backup restored, the old program gives the same figures: {back == before}")
        return 0 if not differing and statuses == [302] * 3 and back == before else 1
    finally:
        ours.remove()


def figures(installation: Installation, **environment: str) -> dict[tuple[str, str], object]:
    done = installation.fugong("figures", "--on", "2020-03-23", "--json", **environment)
    return {
        (row["area"], row["indicator"]): (row["numerator"], row["denominator"], row["value"])
        for row in json.loads(done.stdout)
    }


if __name__ == "__main__":
    sys.exit(main())
