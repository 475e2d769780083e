"""Bulletins drafted, approved and published over HTTP while 50 clients report; does each print what its members say.

    script/load bulletins
    script/load bulletins --clients 20 --reports 400 --bulletins 2

The clients report by the phone's form and by the interface; a clerk takes figures, a job counts them, the clerk sends
the draft for approval and a commander publishes it, again and again. Then each bulletin's member file is read, its
hash checked, its lines added up, and the sums looked for in the printed text. Exit code 1 when one
differs, when numbers leave one out, or when nobody reported in between.
"""

from __future__ import annotations

import argparse
import http.client
import signal
import sys
import time
from urllib.parse import urlencode

from bench.load import Client, Tally
from bench.served import HOST, SLUG, Person, make_official, make_place, make_reporters, served

_TOKEN = "t" * 32
_PATIENCE = 120


class Desk:
    """An official at a browser."""

    def __init__(self, person: Person, port: int) -> None:
        self._cookie, self._port = person.cookie, port
        self.slowest = 0.0

    def _ask(self, method: str, path: str, **values: str) -> http.client.HTTPResponse:
        line = http.client.HTTPConnection(HOST, self._port, timeout=60)
        headers = {
            "Cookie": f"{self._cookie}; csrftoken={_TOKEN}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        sent = urlencode(values | {"csrfmiddlewaretoken": _TOKEN}) if method == "POST" else None
        begun = time.monotonic()
        line.request(method, path, sent, headers)
        answer = line.getresponse()
        self.body = answer.read().decode()
        self.slowest = max(self.slowest, time.monotonic() - begun)
        line.close()
        return answer

    def post(self, path: str, **values: str) -> str:
        """Where the answer leads to. Raises `RuntimeError` when it leads nowhere."""
        answer = self._ask("POST", path, **values)
        if answer.status != 302:
            raise RuntimeError(f"{path}: {answer.status}")
        return str(answer.getheader("Location"))

    def until_there(self, path: str, word: str) -> None:
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            self._ask("GET", path)
            if word in self.body:
                return
            time.sleep(0.3)
        raise RuntimeError(f"{path}: no {word}")


def _publish(clerk: Desk, commander: Desk) -> int:
    page = clerk.post(f"/i/{SLUG}/situation/bulletins/new/", kind="daily")
    clerk.until_there(page, 'id="id_text"')
    clerk.post(f"{page}act/submit/")
    commander.post(f"{page}act/publish/")
    return int(page.rstrip("/").rpartition("/")[2])


def _wrong(pk: int) -> tuple[list[str], int]:
    """What of a bulletin is not as its members say, and how many people it states."""
    from fugong.base.documents.logic.official import render_text
    from fugong.command.situation.logic.bulletin import counted
    from fugong.command.situation.logic.bulletin_members import sums
    from fugong.command.situation.models import Bulletin
    from fugong.command.situation.selectors.bulletins import document_for, figures_of, members_frozen

    bulletin = Bulletin.objects.select_related("members", "area", "incident", "revises").get(pk=pk)
    figures = figures_of(bulletin)
    found = sums(members_frozen(bulletin), [item.code for item in figures.indicators], figures.scopes())
    wrong = [
        f"no. {bulletin.number}: {item.code} is not the sum of its members"
        for item in figures.indicators
        if found[item.code] != dict(item.ratios)
    ]
    people = found["return_rate"][""].numerator
    if counted(people, "person") not in render_text(document_for(bulletin)):
        wrong.append(f"no. {bulletin.number}: {people} people are not printed")
    return wrong, int(people)


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/load bulletins", description="Publishing while people report.")
    parser.add_argument("--reports", type=int, default=3_000)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=90)
    parser.add_argument("--bulletins", type=int, default=6)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that what was started is ended
    people = make_reporters(options.clients, make_place(options.reports))
    officials = [make_official(role, []) for role in ("bureau_clerk", "commander")]
    tally, published = Tally(), []
    with served(worker=True) as server:
        clerk, commander = (Desk(person, server.port) for person in officials)
        clients = [Client(at, person, server.port, options.seconds, tally) for at, person in enumerate(people)]
        for client in clients:
            client.start()
        while len(published) < options.bulletins:
            published.append(_publish(clerk, commander))
        at_work = sum(client.is_alive() for client in clients)
        answered = len(tally.answered)
        for client in clients:
            client.join()
    checked = [_wrong(pk) for pk in published]
    wrong = [line for lines, _people in checked for line in lines]
    stated = [people for _lines, people in checked]
    print(
        f"{len(published)} bulletins published while {at_work} of {options.clients} clients were still reporting;"
        f" {answered} reports answered until then, {len(tally.answered)} in the end\n"
        f"people stated: {', '.join(map(str, stated))}\n"
        f"slowest answer: clerk {clerk.slowest:.3f} s, commander {commander.slowest:.3f} s\n"
        f"each figure is the sum of its member file and is what is printed: {'no' if wrong else 'yes'}"
    )
    for line in wrong:
        print(line)
    return int(bool(wrong) or len(set(stated)) < 2 or not at_work)


if __name__ == "__main__":
    sys.exit(main())
