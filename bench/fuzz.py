"""Nonsense for the interface: schemathesis over its own description, as anonymous and as three roles, a fixed seed.

    script/fuzz                  five minutes in all
    script/fuzz --seconds 20     what script/test runs

Exit code 1 when an answer was a 5xx, or when the run itself failed.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

from bench.served import HOST, make_official, make_place, make_reporters, served

SEED = 20200324
_SCOPES = ["reports:read", "reports:write", "totals:read", "totals:write"]
_PATIENCE = 300
_SHORT = 60
_ST = Path(sys.executable).with_name("st")


def _bounds(seconds: float) -> list[str]:
    """A long run tries examples and coverage too; a short one has time for nonsense alone."""
    bounds = ["--max-time", str(int(seconds)), "--max-examples", "1000"]
    return bounds if seconds > _SHORT else [*bounds, "--phases", "fuzzing"]


def _begin(url: str, secret: str, seconds: float) -> subprocess.Popen[str]:
    """One caller's run, bounded by schemathesis itself. What hypothesis remembers is not kept: each run is the same."""
    command = [
        str(_ST), "run", f"{url}/api/v1/openapi.json", "--seed", str(SEED), "--checks", "not_a_server_error",
        "--continue-on-failure", "--no-color", "--warnings", "off", "--request-timeout", "20",
        "--generation-database", "none", *_bounds(seconds),
    ]  # fmt: skip
    if secret:
        command += ["--header", f"Authorization: Bearer {secret}"]
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def _end(name: str, run: subprocess.Popen[str], seconds: float) -> bool:
    """Whether requests were made and none was answered by a 5xx."""
    try:
        told, _nothing = run.communicate(timeout=seconds + _PATIENCE)
    except subprocess.TimeoutExpired:
        run.kill()
        told, _nothing = run.communicate()
    found = re.search(r"(\d+) generated", told)
    requests = int(found.group(1)) if found else 0
    kept = run.returncode == 0 and requests > 0
    print(f"{name}: {requests} requests, {'no 5xx' if kept else 'FAILED'}", flush=True)
    if not kept:
        print(told[-6000:])
    return kept


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/fuzz", description="Nonsense for the interface, no 5xx.")
    parser.add_argument("--seconds", type=float, default=300, help="in all (default: %(default)s)")
    options = parser.parse_args()
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", os.devnull)
    enterprises = make_place(20)
    (reporter,) = make_reporters(1, enterprises)
    roles = {role: make_official(role, _SCOPES).secret for role in ("bureau_clerk", "commander")}
    callers = {"anonymous": "", "reporter": reporter.secret} | roles
    with served() as server:
        url = f"http://{HOST}:{server.port}"
        # All at once: callers that meet each other find more than callers in turn.
        runs = {name: _begin(url, secret, options.seconds) for name, secret in callers.items()}
        kept = [_end(name, run, options.seconds) for name, run in runs.items()]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
