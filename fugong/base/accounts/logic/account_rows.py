"""A table of officials as a county keeps it: a row is a person with a role in a body, within an area."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fugong.base.accounts.enums import MANDATE_ROLES, BodyKind
from fugong.base.accounts.logic.secrets import plain_login, plain_phone
from fugong.base.spreadsheets.logic.columns import ColumnMap, Names
from fugong.base.spreadsheets.logic.issues import BadValue, Issue
from fugong.base.spreadsheets.logic.values import is_nothing, read_day, tidy

USUAL = {
    "name": ("姓名", "人员", "人员姓名", "person's name", "name", "full name"),
    "phone": ("手机", "手机号", "手机号码", "电话", "联系电话", "phone", "phone number", "mobile"),
    "username": ("账号", "用户名", "account", "user name"),
    "body": ("单位", "单位名称", "部门", "body", "office"),
    "kind": ("单位类型", "单位性质", "kind of body"),
    "area": ("区域代码", "区划代码", "行政区划代码", "area code"),
    "role": ("角色", "职责", "role"),
    "valid_from": ("起", "起始日", "起始日期", "开始日期", "任职日期", "任职起", "from", "from day", "first day"),
    "valid_to": (
        "止",
        "截止日",
        "截止日期",
        "结束日期",
        "终止日期",
        "到期日期",
        "任职止",
        "until",
        "until day",
        "last day",
    ),
}
LABELS = {
    "name": gettext_lazy("Person's name"),
    "phone": gettext_lazy("Phone number"),
    "username": gettext_lazy("Account"),
    "body": gettext_lazy("Body"),
    "kind": gettext_lazy("Kind of body"),
    "area": gettext_lazy("Area code"),
    "role": gettext_lazy("Role"),
    "valid_from": gettext_lazy("From day"),
    "valid_to": gettext_lazy("Until day"),
}
NAMES = Names(USUAL, ("name", "body", "area", "role"), LABELS)
SHORTEST_PHONE, LONGEST_PHONE = 7, 15
_ROLES = {
    "分队长": "team_lead", "服务队队长": "team_lead", "部门经办": "bureau_clerk", "经办": "bureau_clerk",
    "经办人": "bureau_clerk", "工作组成员": "working_group_member", "值班员": "duty_officer", "指挥长": "commander",
    "乡镇干部": "township_cadre", "审计": "auditor", "审计员": "auditor", "管理员": "administrator",
}  # fmt: skip
_KINDS = {
    "部门": "bureau", "局": "bureau", "指挥部": "headquarters", "工作组": "working_group", "专班": "working_group",
    "服务队": "service_team", "乡镇": "township", "街道": "township", "乡镇街道": "township", "村": "village",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One row as it can be taken; empty texts say nothing."""

    line: int
    name: str
    phone: str
    username: str
    body: str
    kind: str
    area: str
    role: str
    valid_from: date | None
    valid_to: date | None


def _choice(text: str, words: Mapping[str, str], labels: Mapping[str, str]) -> str:
    """The code of a role or kind, written as code, as label of the active language, or as people write it."""
    found = words.get(text) or next((code for code, label in labels.items() if text in (code, label)), "")
    if not found:
        raise BadValue(
            _("“%(text)s” is not known") % {"text": text[:50]},
            _("Write one of these: %(words)s") % {"words": _(", ").join(labels.values())},
        )
    return found


def _phone(text: str) -> str:
    digits = plain_phone(text)
    if not (digits.isdecimal() and SHORTEST_PHONE <= len(digits) <= LONGEST_PHONE):
        raise BadValue(
            _("“%(text)s” is not a phone number") % {"text": text[:50]},
            _("Write one number in digits, or leave the cell empty"),
        )
    return digits


def read_row(line: int, cells: list[str], columns: ColumnMap) -> tuple[AccountRow | None, list[Issue]]:
    """The row, or what is wrong with it, cell by cell."""
    values = {field: tidy(cells[position]) for field, position in columns.found.items() if position < len(cells)}
    values = {field: "" if is_nothing(text) else text for field, text in values.items()}
    roles = {code: str(label) for code, label in MANDATE_ROLES}
    kinds = {str(code): str(label) for code, label in BodyKind.choices}
    issues: list[Issue] = []
    read: dict[str, date | str | None] = {}

    def take(field: str, reader: object) -> None:
        text = values.get(field, "")
        try:
            read[field] = reader(text) if text else None  # type: ignore[operator]
        except BadValue as error:
            issues.append(Issue.of(line, columns.label(field), text[:200], error.fault))

    issues += [
        Issue(line, columns.label(field), "", _("This cell is empty"), _("Fill it in"))
        for field in ("name", "body", "area", "role")
        if not values.get(field)
    ]
    take("phone", _phone)
    take("role", lambda text: _choice(text, _ROLES, roles))
    take("kind", lambda text: _choice(text, _KINDS, kinds))
    take("valid_from", read_day)
    take("valid_to", read_day)
    if issues:
        return None, issues
    row = AccountRow(
        line=line,
        name=values["name"],
        phone=str(read["phone"] or ""),
        username=plain_login(values.get("username", "")),
        body=values["body"],
        kind=str(read["kind"] or "bureau"),
        area=values["area"],
        role=str(read["role"]),
        valid_from=read["valid_from"] if isinstance(read["valid_from"], date) else None,
        valid_to=read["valid_to"] if isinstance(read["valid_to"], date) else None,
    )
    return row, []
