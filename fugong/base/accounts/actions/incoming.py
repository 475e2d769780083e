"""A county's officials from one file: bodies, people and mandates. What is there already is recognised."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fugong.base.accounts.actions.mandates import give_mandate, take_on
from fugong.base.accounts.actions.people import found_body
from fugong.base.accounts.logic.account_rows import AccountRow, read_row
from fugong.base.accounts.models import Body, ImportedMandate, Mandate, User
from fugong.base.areas.selectors import AreaTree, area_tree
from fugong.base.spreadsheets.logic.issues import Issue
from fugong.base.spreadsheets.logic.kinds import AddedRow, ChangedRow, Delivery
from fugong.base.spreadsheets.logic.outcome import ImportOutcome
from fugong.core import clock
from fugong.core.roles import Role


class IncomingAccounts:
    """The rows of one file. A person is recognised by account, else by name and phone; a mandate by its five parts."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery
        self._tree: AreaTree = area_tree()
        self._new: list[AccountRow] = []
        self._joining: list[tuple[AccountRow, User]] = []
        self.outcome = ImportOutcome()

    def check(self) -> None:
        """Judge every row against areas, mandates and what is there."""
        self.outcome, self._new, self._joining = ImportOutcome(), [], []
        accounts: set[str] = set()
        for line, cells in self._delivery.rows(self.outcome):
            row, issues = read_row(line, cells, self._delivery.columns)
            issues += self._judge(row, accounts) if row else []
            if row is None or issues:
                self.outcome.refused += issues
            else:
                self._sort(row)
        rows = [*self._new, *(row for row, _user in self._joining)]
        areas = [area.pk for row in rows if (area := self._tree.by_code(row.area))]
        self.outcome.area_id = self._tree.smallest_over(areas)

    def _issue(self, row: AccountRow, field: str, value: str, reason: str, mend: str) -> Issue:
        return Issue(row.line, self._delivery.columns.label(field), value, reason, mend)

    def _judge(self, row: AccountRow, accounts: set[str]) -> list[Issue]:
        area = self._tree.by_code(row.area)
        if area is None:
            return [self._issue(row, "area", row.area, _("There is no such area"), _("Take the code from the areas"))]
        if not self._delivery.actor.holds(area.pk, Role.ADMINISTRATOR):
            return [self._issue(row, "area", row.area, _("This area has another administrator"), _("Send it there"))]
        if row.username in accounts:
            return [self._issue(row, "username", row.username, _("Stands twice in this file"), _("Keep one row"))]
        taken = User.objects.filter(username=row.username).exclude(name=row.name).exists() if row.username else False
        if taken:
            return [self._issue(row, "username", row.username, _("Somebody else has this account"), _("Take another"))]
        if row.valid_from and row.valid_to and row.valid_to < row.valid_from:
            return [self._issue(row, "valid_to", str(row.valid_to), _("Ends before it begins"), _("Check both days"))]
        accounts |= {row.username} - {""}
        return []

    def _known(self, row: AccountRow) -> User | None:
        people = User.objects.filter(name=row.name, left_at=None).order_by("pk")
        if row.username:
            return people.filter(username=row.username).first()
        return people.filter(phone=row.phone).first() if row.phone else None

    def _sort(self, row: AccountRow) -> None:
        user = self._known(row)
        if user is None:
            self._new.append(row)
            self.outcome.new += 1
        elif Mandate.objects.open_on(clock.today()).filter(
            user=user, role=row.role, area__code=row.area, body__name=row.body
        ):
            self.outcome.same += 1
        else:
            self._joining.append((row, user))
            self.outcome.changed += 1

    def additions(self, limit: int) -> list[AddedRow]:
        return [
            AddedRow(row.line, row.username or row.phone, row.name, (row.body, *self._role_and_area(row)))
            for row in self._new[:limit]
        ]

    def _role_and_area(self, row: AccountRow) -> tuple[str, str]:
        return str(Role(row.role).label), str(self._tree.by_code(row.area) or row.area)

    def changes(self, limit: int) -> list[ChangedRow]:
        return [
            ChangedRow(row.line, user.username, row.name, [(_("mandate"), "", f"{row.body} {Role(row.role).label}")])
            for row, user in self._joining[:limit]
        ]

    def write(self, now: datetime) -> None:
        """Judge anew, then set up bodies, open accounts and give mandates. Codes are handed out person by person."""
        self.check()
        for row in self._new:
            self._written(row, None)
        for row, user in self._joining:
            self._written(row, user)

    def _written(self, row: AccountRow, user: User | None) -> None:
        actor, area = self._delivery.actor, self._tree.by_code(row.area)
        assert area is not None
        known = Body.objects.filter(area=area, name=row.body).first()
        body = known or found_body(actor=actor, name=row.body, kind=row.kind, area=area)
        user = user or self._known(row)  # an earlier row of the file may have entered the person
        is_new = user is None
        first, role = row.valid_from or clock.today(), row.role
        try:
            if user is None:
                user, _code = take_on(
                    actor=actor, name=row.name, username=row.username, phone=row.phone, body=body, role=role, area=area,
                    valid_from=first, valid_to=row.valid_to,
                )  # fmt: skip
            else:
                give_mandate(
                    actor=actor, user=user, body=body, role=role, area=area, valid_from=first, valid_to=row.valid_to
                )
        except ValidationError as error:
            words = {"row": row.line, "why": " ".join(error.messages)}
            raise ValidationError(_("Row %(row)s: %(why)s") % words) from error
        ImportedMandate.objects.create(
            run_id=self._delivery.run_id,
            mandate=user.mandates.order_by("-pk")[0],
            person_is_new=is_new,
            body_is_new=known is None,
        )

    def close(self) -> None:
        """Nothing is kept between."""
