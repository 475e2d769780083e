"""Who looks after whom, from one file. Known people are recognised; accounts are opened for new ones."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fugong.base.accounts.actions.people import open_account
from fugong.base.accounts.models import User
from fugong.base.accounts.permissions import can_open_account
from fugong.base.accounts.selectors import officials_by_name
from fugong.base.areas.selectors import area_tree
from fugong.base.spreadsheets.logic.issues import Issue
from fugong.base.spreadsheets.logic.kinds import AddedRow, ChangedRow, Delivery
from fugong.base.spreadsheets.logic.outcome import ImportOutcome
from fugong.core import clock
from fugong.record.incidents.selectors import incident_named
from fugong.record.liaison.actions.rights import Book
from fugong.record.liaison.enums import Holder, Target
from fugong.record.liaison.logic.rows import AssignmentRow, read_row
from fugong.record.liaison.models import Assignment
from fugong.record.liaison.permissions import ASSIGNS
from fugong.record.liaison.selectors.officers import officer_ids
from fugong.record.liaison.selectors.section import field_section
from fugong.record.registry.selectors.enterprises import places_within

_CHUNK = 2_000
_Person = tuple[str, str, str]


class IncomingAssignments:
    """The rows of one file. A person is recognised by account, else by name and number, else by the name alone."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery
        self._incident = incident_named(delivery.scope["incident"])
        section = field_section(self._incident, clock.today())
        kinds = section.of(Holder.PERSON, Target.ENTERPRISE)
        self._kinds = kinds
        self._labels = {kind.code: kind.label for kind in kinds}
        self._usual = kinds[0].code if kinds else ""
        self._sole = {kind.code for kind in kinds if kind.one}
        self._new: list[tuple[AssignmentRow, int, User | None]] = []
        self._moved: list[tuple[AssignmentRow, Assignment, User | None]] = []
        self.outcome = ImportOutcome()

    def check(self) -> None:
        """Judge every row against the register, the people and what holds already."""
        self.outcome, self._new, self._moved = ImportOutcome(), [], []
        rows: list[AssignmentRow] = []
        for line, cells in self._delivery.rows(self.outcome):
            row, issues = read_row(line, cells, self._delivery.columns, self._kinds, self._usual)
            self.outcome.refused += issues
            if row is not None:
                rows.append(row)
        self._places = places_within(self._delivery.actor, self._incident.area.path)
        self._people = self._known(rows)
        self._standing = self._held(rows)
        once: set[tuple[str, str]] = set()
        areas: set[int] = set()
        for row in rows:
            issue = self._judge(row, once)
            if issue is not None:
                self.outcome.refused.append(issue)
                continue
            areas.add(self._places[row.uscc][1])
            self._sort(row)
        self.outcome.area_id = area_tree().smallest_over(areas)

    def _known(self, rows: list[AssignmentRow]) -> dict[_Person, list[User]]:
        """Each person of the file → who that may be. One statement for the whole file."""
        actor = self._delivery.actor
        found: dict[str, list[User]] = defaultdict(list)
        for user in officials_by_name(actor, {row.officer for row in rows}, officer_ids(actor, self._incident)):
            found[user.name].append(user)
        people = {}
        for row in rows:
            same = found[row.officer]
            if row.username:
                same = [user for user in same if user.username == row.username]
            elif row.phone:
                same = [user for user in same if user.phone == row.phone] or [user for user in same if not user.phone]
            people[_person(row)] = same
        return people

    def _held(self, rows: list[AssignmentRow]) -> dict[tuple[str, int], list[Assignment]]:
        ids = {self._places[row.uscc][0] for row in rows if row.uscc in self._places}
        standing = (
            Assignment.objects.open_on(clock.today())
            .lasting()
            .filter(incident=self._incident, enterprise_id__in=ids, user__isnull=False, revoked_on=None)
        )
        found: dict[tuple[str, int], list[Assignment]] = defaultdict(list)
        for one in standing.select_related("user", "enterprise").order_by("pk"):
            found[one.kind, one.enterprise_id or 0].append(one)
        return found

    def _issue(self, row: AssignmentRow, field: str, value: str, reason: str, mend: str) -> Issue:
        return Issue(row.line, self._delivery.columns.label(field), value, reason, mend)

    def _judge(self, row: AssignmentRow, once: set[tuple[str, str]]) -> Issue | None:
        place = self._places.get(row.uscc)
        if place is None:
            return self._issue(
                row,
                "uscc",
                row.uscc,
                _("No enterprise of your areas has this code"),
                _("Enter it in the register first"),
            )
        if not self._delivery.actor.holds(place[1], *ASSIGNS):
            return self._issue(row, "uscc", row.uscc, _("Another office assigns there"), _("Send it there"))
        if row.kind in self._sole and (row.kind, row.uscc) in once:
            return self._issue(row, "uscc", row.uscc, _("Stands twice in this file"), _("Keep one row"))
        once.add((row.kind, row.uscc))
        same = self._people[_person(row)]
        if len(same) > 1:
            accounts = _(", ").join(user.username for user in same[:5])
            return self._issue(
                row, "officer", row.officer, _("Several people have this name"), _("Give the account: %s") % accounts
            )
        if not same and row.username:
            return self._issue(
                row, "username", row.username, _("Nobody of this name has this account"), _("Check account and name")
            )
        if not same and not can_open_account(self._delivery.actor, place[1]):
            return self._issue(
                row, "officer", row.officer, _("This person has no account"), _("Ask your administrator to open one")
            )
        return None

    def _sort(self, row: AssignmentRow) -> None:
        pk = self._places[row.uscc][0]
        user = next(iter(self._people[_person(row)]), None)
        standing = self._standing[row.kind, pk]
        if user is not None and any(one.user_id == user.pk for one in standing):
            self.outcome.same += 1
        elif row.kind in self._sole and standing:
            self._moved.append((row, standing[0], user))
            self.outcome.changed += 1
        else:
            self._new.append((row, pk, user))
            self.outcome.new += 1

    def additions(self, limit: int) -> list[AddedRow]:
        return [
            AddedRow(row.line, row.uscc, row.enterprise or row.uscc, [row.officer, self._labels[row.kind]])
            for row, _pk, _user in self._new[:limit]
        ]

    def changes(self, limit: int) -> list[ChangedRow]:
        return [
            ChangedRow(
                row.line,
                row.uscc,
                before.enterprise.name if before.enterprise else row.enterprise,
                [(self._labels[row.kind], before.user.name if before.user else "", row.officer)],
            )
            for row, before, _user in self._moved[:limit]
        ]

    def write(self, now: datetime) -> None:
        """Judge anew, open the accounts that are missing, end what somebody else takes over, give the rest."""
        book = Book()
        self.check()
        opened: dict[_Person, User] = {}
        today = clock.today()
        made, ended, pairs = [], [], set()
        for row, before, user in self._moved:
            before.revoked_on, before.ended_by_name = today, self._delivery.actor.name
            before.end_reason = self._delivery.source
            ended.append(before)
            pairs.add((before.user_id or 0, before.enterprise_id or 0))
            made.append(self._row(row, before.enterprise_id or 0, user or self._opened(row, opened)))
        for row, pk, user in self._new:
            made.append(self._row(row, pk, user or self._opened(row, opened)))
        Assignment.objects.bulk_update(ended, ["revoked_on", "ended_by_name", "end_reason"], batch_size=_CHUNK)
        Assignment.objects.bulk_create(made, batch_size=_CHUNK)
        pairs |= {(row.user_id or 0, row.enterprise_id or 0) for row in made}
        book.put_right({user for user, _pk in pairs}, pairs)

    def _opened(self, row: AssignmentRow, opened: dict[_Person, User]) -> User:
        """The account of a new officer, opened once for all rows; the code is given person by person."""
        person = _person(row)
        if person not in opened:
            area = area_tree().areas[self._places[row.uscc][1]]
            try:
                opened[person] = open_account(
                    actor=self._delivery.actor,
                    username=f"o{uuid4().int % 10**8:08d}",
                    name=row.officer,
                    phone=row.phone,
                    area=area,
                )
            except ValidationError as error:
                words = {"row": row.line, "why": " ".join(error.messages)}
                raise ValidationError(_("Row %(row)s: %(why)s") % words) from error
        return opened[person]

    def _row(self, row: AssignmentRow, pk: int, user: User) -> Assignment:
        return Assignment(
            incident=self._incident,
            kind=row.kind,
            user=user,
            enterprise_id=pk,
            is_sole=row.kind in self._sole,
            valid_from=row.valid_from or clock.today(),
            valid_to=row.valid_to,
            source=self._delivery.source,
            given_by_name=self._delivery.actor.name,
            given_at=clock.now(),
        )

    def close(self) -> None:
        """Nothing is kept between."""


def _person(row: AssignmentRow) -> _Person:
    return row.officer, row.username, row.phone
