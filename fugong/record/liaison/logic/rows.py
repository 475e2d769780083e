"""A table of who looks after which enterprise, as offices keep it: a row is an enterprise and a person. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from fugong.base.accounts.logic.secrets import plain_login, plain_phone
from fugong.base.spreadsheets.logic.columns import ColumnMap, Names
from fugong.base.spreadsheets.logic.issues import BadValue, Issue
from fugong.base.spreadsheets.logic.values import is_nothing, read_day, tidy
from fugong.record.liaison.logic.section import Kind

USUAL = {
    "enterprise": ("企业名称", "单位名称", "企业"),
    "uscc": ("统一社会信用代码", "信用代码", "社会信用代码"),
    "officer": ("包联人员", "驻厂员", "联络员", "包联干部", "姓名", "包保干部"),
    "phone": ("手机", "手机号", "电话", "联系电话", "包联人员电话"),
    "username": ("账号", "用户名"),
    "kind": ("身份", "类别", "包联身份"),
    "valid_from": ("起", "起始日期", "包联起始"),
    "valid_to": ("止", "截止日期", "包联截止"),
}
NAMES = Names(USUAL, ("uscc", "officer"))


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """One row as it can be taken; empty texts say nothing. `kind`: code of the playbook."""

    line: int
    enterprise: str
    uscc: str
    officer: str
    phone: str
    username: str
    kind: str
    valid_from: date | None
    valid_to: date | None


def _kind(text: str, kinds: Iterable[Kind], usual: str) -> str:
    """By code or by name in any language: a file speaks that of its office, not that of the screen."""
    if not text:
        return usual
    found = next((kind.code for kind in kinds if text in (kind.code, *kind.name.values())), "")
    if not found:
        raise BadValue(
            _("“%(text)s” is not known") % {"text": text[:50]},
            _("Write one of these: %(words)s") % {"words": _(", ").join(kind.label for kind in kinds)},
        )
    return found


def read_row(
    line: int, cells: list[str], columns: ColumnMap, kinds: Collection[Kind], usual: str
) -> tuple[AssignmentRow | None, list[Issue]]:
    """The row, or what is wrong with it, cell by cell. `usual`: the kind of rows that name none."""
    values = {field: tidy(cells[position]) for field, position in columns.found.items() if position < len(cells)}
    values = {field: "" if is_nothing(text) else text for field, text in values.items()}
    issues = [
        Issue(line, columns.label(field), "", _("This cell is empty"), _("Fill it in"))
        for field in ("uscc", "officer")
        if not values.get(field)
    ]
    days: dict[str, date | None] = {}
    for field in ("valid_from", "valid_to"):
        text = values.get(field, "")
        try:
            days[field] = read_day(text) if text else None
        except BadValue as error:
            issues.append(Issue.of(line, columns.label(field), text[:200], error.fault))
    kind = ""
    try:
        kind = _kind(values.get("kind", ""), kinds, usual)
    except BadValue as error:
        issues.append(Issue.of(line, columns.label("kind"), values["kind"][:200], error.fault))
    first, last = days.get("valid_from"), days.get("valid_to")
    if first and last and last < first:
        issues.append(
            Issue(line, columns.label("valid_to"), str(last), _("Ends before it begins"), _("Check both days"))
        )
    if issues:
        return None, issues
    row = AssignmentRow(
        line=line,
        enterprise=values.get("enterprise", ""),
        uscc=values["uscc"].upper(),
        officer=values["officer"],
        phone=plain_phone(values.get("phone", "")),
        username=plain_login(values.get("username", "")),
        kind=kind,
        valid_from=first,
        valid_to=last,
    )
    return row, []
