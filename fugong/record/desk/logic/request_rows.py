"""A table of requests as a hotline or a bureau keeps it: a row is what one enterprise asks for. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from fugong.base.spreadsheets.logic.columns import ColumnMap, Names
from fugong.base.spreadsheets.logic.issues import BadValue, Fault, Issue
from fugong.base.spreadsheets.logic.values import is_nothing, read_count, tidy
from fugong.core.registries import request_kinds
from fugong.record.desk.logic.section import DeskSection

LONGEST_TITLE, LONGEST_TEXT, LONGEST_NUMBER = 80, 1000, 100
MOST_PEOPLE = 1_000_000
USUAL = {
    "code": ("统一社会信用代码", "社会信用代码", "信用代码", "企业代码", "credit code"),
    "name": ("企业名称", "单位名称", "公司名称", "企业", "诉求企业", "enterprise", "company"),
    "category": ("事项", "诉求类别", "类别", "问题类型", "诉求类型", "category", "about"),
    "title": ("诉求", "诉求标题", "标题", "主题", "request", "title"),
    "text": ("内容", "诉求内容", "具体内容", "问题描述", "详情", "details", "description"),
    "people": ("影响人数", "涉及人数", "牵动人数", "people held up", "people"),
    "asked_by": ("诉求人", "联系人", "来电人", "反映人", "who asks", "caller"),
    "number": ("原编号", "工单编号", "工单号", "来件编号", "ticket", "ticket number"),
}
LABELS = {
    "code": gettext_lazy("Credit code"),
    "name": gettext_lazy("Enterprise"),
    "category": gettext_lazy("Category"),
    "title": gettext_lazy("What is asked"),
    "text": gettext_lazy("In words"),
    "people": gettext_lazy("People held up"),
    "asked_by": gettext_lazy("Who asks"),
    "number": gettext_lazy("Number at the sender"),
}
NEEDED = ("category", "title")


def detail_fields() -> dict[str, tuple[str, ...]]:
    """The details that kinds of requests ask, as fields of the table: `goods.item` → its labels in both languages."""
    found: dict[str, tuple[str, ...]] = {}
    for kind in request_kinds.values():
        for asked in kind.fields:
            labels = []
            for language in ("zh-hans", "en"):
                with override(language):
                    labels.append(str(asked.label))
            found[f"{kind.name}.{asked.name}"] = (f"{kind.name}.{asked.name}", *dict.fromkeys(labels))
    return found


def names() -> Names:
    """The fields of the table, with those that kinds of requests ask for."""
    details: dict[str, Any] = {
        f"{kind.name}.{asked.name}": f"{kind.label}: {asked.label}"
        for kind in request_kinds.values()
        for asked in kind.fields
    }
    return Names(USUAL | detail_fields(), NEEDED, details | LABELS)


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One row as it can be taken; empty texts say nothing. `detail`: the details of its category's kind."""

    line: int
    code: str
    name: str
    category: str
    title: str
    text: str
    people: int
    asked_by: str
    number: str
    detail: Mapping[str, str] = field(default_factory=dict)

    @property
    def content(self) -> str:
        """What tells it from another request of the same enterprise: the sender's number, else what it says."""
        return f"number {self.number}" if self.number else f"{self.category}\n{self.title}\n{self.text}"


class RowReader:
    """Reads the rows of one table by a playbook's categories."""

    def __init__(self, section: DeskSection, columns: ColumnMap) -> None:
        self._section, self._columns = section, columns
        self._words = _category_words(section)

    def read(self, line: int, cells: Sequence[str]) -> tuple[RequestRow | None, list[Issue]]:
        """The row, or what is wrong with it, cell by cell."""
        found = self._columns.found
        values = {name: tidy(cells[at]) if at < len(cells) else "" for name, at in found.items()}
        values = {name: "" if is_nothing(text) else text for name, text in values.items()}
        issues: list[Issue] = []

        def wrong(name: str, fault: Fault) -> None:
            issues.append(Issue.of(line, self._columns.label(name), values.get(name, "")[:200], fault))

        if not values.get("code") and not values.get("name"):
            wrong("code" if "code" in found else "name", _no_enterprise())
        for name in NEEDED:
            if not values.get(name):
                wrong(name, Fault(_("This cell is empty"), _("Fill it in")))
        for name, most in (("title", LONGEST_TITLE), ("text", LONGEST_TEXT), ("number", LONGEST_NUMBER)):
            if len(values.get(name, "")) > most:
                wrong(name, Fault(_("Longer than %(most)d characters") % {"most": most}, _("Shorten it")))
        code = self._words.get(values.get("category", "").lower(), "")
        if values.get("category") and not code:
            wrong("category", self._no_category(values["category"]))
        people = 0
        try:
            people = _people(values.get("people", ""))
        except BadValue as error:
            wrong("people", error.fault)
        if issues:
            return None, issues
        category = self._section.category(code)
        prefix = f"{category.kind}." if category else "."
        return (
            RequestRow(
                line=line,
                code=values.get("code", "").upper(),
                name=values.get("name", ""),
                category=code,
                title=values["title"],
                text=values.get("text", ""),
                people=people,
                asked_by=values.get("asked_by", "")[:50],
                number=values.get("number", ""),
                detail={n.removeprefix(prefix): text for n, text in values.items() if n.startswith(prefix) and text},
            ),
            [],
        )

    def _no_category(self, text: str) -> Fault:
        some = _(", ").join(self._section.label(item.code) for item in self._section.categories[:6])
        return Fault(
            _("“%(text)s” is no category of the playbook, or of several") % {"text": text[:50]},
            _("Write one of these, for instance: %(some)s") % {"some": some},
        )


def _no_enterprise() -> Fault:
    return Fault(_("Nobody knows which enterprise this is"), _("Write its credit code, or its full name"))


def _people(text: str) -> int:
    number = read_count(text, units="人") if text else 0
    if not 0 <= number <= MOST_PEOPLE:
        raise BadValue(_("%(value)s is more than can be") % {"value": text}, _("Check the number"))
    return number


def _category_words(section: DeskSection) -> dict[str, str]:
    """Code, whole name and last name (where only one has it) of each category, in both languages → its code."""
    found: dict[str, str] = {}
    last: dict[str, set[str]] = {}
    for language in ("zh-hans", "en"):
        with override(language):
            for item in section.categories:
                whole = section.label(item.code)
                spelt = (item.code, whole, whole.replace(" · ", "·"), whole.replace(" · ", "/"))
                found |= {word.lower(): item.code for word in spelt}
                last.setdefault(item.label.lower(), set()).add(item.code)
    return {word: next(iter(codes)) for word, codes in last.items() if len(codes) == 1} | found
