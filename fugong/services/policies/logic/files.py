"""Files of measures (TOML): documents, each with its measures. Every fault names file, place and key."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from fugong.services.policies.enums import Aspect, TextState
from fugong.services.policies.logic.parsing import BadRule, read_rule

OWN_FOLDER = Path(__file__).resolve().parent.parent / "data" / "measures"


class BadFile(ValueError):
    """A file of measures cannot be read: the message names file, key and how to mend it."""


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document as a file says it. `place`: the beginning of the codes of areas in which it binds; "" everywhere."""

    code: str
    number: str
    title: str
    body: str
    issued_on: date
    place: str
    source: str
    replaces: str
    valid_to: date | None
    full_text: str


@dataclass(frozen=True, slots=True)
class ReadVersion:
    """A version of a measure as a file says it. `rule` is JSON, checked; None where only the title is known."""

    document: str
    code: str
    title: str
    title_en: str
    aspect: Aspect
    valid_from: date
    valid_to: date | None
    deadline_on: date | None
    body: str
    text_state: TextState
    how: str
    plain: str
    plain_en: str
    rule: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What the files of a folder say."""

    documents: tuple[ReadDocument, ...]
    versions: tuple[ReadVersion, ...]


def read_files(path: Path) -> Catalogue:
    """A file, or every .toml file of a folder. Raises `BadFile`; `OSError` when it cannot be opened."""
    names = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    if not names:
        raise BadFile(_("%(path)s holds no .toml file.") % {"path": path})
    documents: list[ReadDocument] = []
    versions: list[ReadVersion] = []
    for name in names:
        for document in _tables(_Table(name.name, "", _toml(name)), "documents"):
            read = _document(document)
            documents.append(read)
            versions += [_version(measure, read.code) for measure in _tables(document, "measures")]
    _once([document.code for document in documents])
    _once([f"{version.code} {version.valid_from}" for version in versions])
    return Catalogue(tuple(documents), tuple(versions))


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadFile(f"{path.name}: {error}") from error


def _once(keys: list[str]) -> None:
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise BadFile(_("%(key)s stands there twice.") % {"key": twice[0]})


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of a file, with the place to name in faults."""

    file: str
    path: str
    values: dict[str, Any]

    def fail(self, key: str, message: str) -> BadFile:
        where = ".".join(part for part in (self.path, key) if part)
        return BadFile(f"{self.file}: {where}: {message}")

    def text(self, key: str, default: str | None = None) -> str:
        value = self.values.get(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self.fail(key, _("Write a text here."))
        return value.strip()

    def day(self, key: str) -> date:
        found = self.optional_day(key)
        if found is None:
            raise self.fail(key, _("Write a day here: 2020-03-24."))
        return found

    def optional_day(self, key: str) -> date | None:
        value = self.values.get(key)
        if value is not None and type(value) is not date:
            raise self.fail(key, _("Write a day here: 2020-03-24."))
        return value

    def choice(self, key: str, values: list[str]) -> str:
        value = self.values.get(key)
        if value not in values:
            message = _("%(value)s is none of: %(choices)s.")
            raise self.fail(key, message % {"value": value, "choices": ", ".join(values)})
        return str(value)

    def only(self, words: set[str]) -> None:
        strange = sorted(set(self.values) - words)
        if strange:
            raise self.fail(strange[0], _("Not known here. Possible: %(words)s.") % {"words": ", ".join(sorted(words))})


def _tables(table: _Table, key: str) -> Iterator[_Table]:
    found = table.values.get(key)
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise table.fail(key, _("Give a list of tables: [[%(key)s]].") % {"key": key})
    for number, values in enumerate(found):
        name = values.get("code") or f"[{number}]"
        yield _Table(table.file, ".".join(part for part in (table.path, str(name)) if part), values)


_DOCUMENT = {"code", "number", "title", "body", "issued_on", "place", "source", "replaces", "valid_to", "full_text"}
_VERSION = {"code", "title", "title_en", "aspect", "valid_from", "valid_to", "deadline_on", "body", "text", "how"}


def _document(table: _Table) -> ReadDocument:
    table.only(_DOCUMENT | {"measures"})
    return ReadDocument(
        code=table.text("code"),
        number=table.text("number", ""),
        title=table.text("title"),
        body=table.text("body"),
        issued_on=table.day("issued_on"),
        place=table.text("place", ""),
        source=table.text("source"),
        replaces=table.text("replaces", ""),
        valid_to=table.optional_day("valid_to"),
        full_text=table.text("full_text", ""),
    )


def _version(table: _Table, document: str) -> ReadVersion:
    table.only(_VERSION | {"plain", "plain_en", "rule"})
    state = TextState(table.choice("text", TextState.values))
    return ReadVersion(
        document=document,
        code=table.text("code"),
        title=table.text("title"),
        title_en=table.text("title_en", ""),
        aspect=Aspect(table.choice("aspect", Aspect.values)),
        valid_from=table.day("valid_from"),
        valid_to=table.optional_day("valid_to"),
        deadline_on=table.optional_day("deadline_on"),
        body=table.text("body"),
        text_state=state,
        how=table.text("how", ""),
        plain=table.text("plain", ""),
        plain_en=table.text("plain_en", ""),
        rule=_rule(table, state),
    )


def _rule(table: _Table, state: TextState) -> dict[str, Any] | None:
    data = table.values.get("rule")
    if state is TextState.TITLE:
        if data is not None:
            raise table.fail("rule", _("Of a measure whose text is unknown nothing is decided: leave the rule out."))
        return None
    if data is None:
        raise table.fail("rule", _("Say whom it is for; an empty table means everybody."))
    plain: dict[str, Any] = as_json(data)
    try:
        read_rule(plain)
    except BadRule as error:
        raise table.fail(f"rule.{error.path}".rstrip("."), error.message) from error
    return plain


def as_json(data: Any) -> Any:
    """Days and decimals as text, so that a rule can be stored."""
    if isinstance(data, dict):
        return {key: as_json(value) for key, value in data.items()}
    if isinstance(data, list):
        return [as_json(value) for value in data]
    return str(data) if isinstance(data, date | Decimal) else data
