"""The message catalogues: what the screens say, taken from the code, kept in two languages, without GNU gettext.

Source strings are English. A catalogue file holds no line numbers and no dates: it changes only when a text does.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

SOURCE_LANGUAGE = "en"
# Plural forms as in Django's own catalogues: one catalogue per language serves only when all agree.
PLURAL_FORMS = {"zh_Hans": "nplurals=1; plural=0;", SOURCE_LANGUAGE: "nplurals=2; plural=(n != 1);"}
TEMPLATE_SUFFIXES = {".html", ".txt", ".svg", ".xml", ".webmanifest"}
# Function -> (place of the context or None, places of the texts); counted from 0.
CALLS: dict[str, tuple[int | None, tuple[int, ...]]] = {
    "_": (None, (0,)),
    "gettext": (None, (0,)),
    "gettext_lazy": (None, (0,)),
    "gettext_noop": (None, (0,)),
    "ngettext": (None, (0, 1)),
    "ngettext_lazy": (None, (0, 1)),
    "pgettext": (0, (1,)),
    "pgettext_lazy": (0, (1,)),
    "npgettext": (0, (1, 2)),
    "npgettext_lazy": (0, (1, 2)),
}
TRANSLATOR_NOTES = ["Translators"]

Key = tuple[str, str | None]


@dataclass(frozen=True)
class Update:
    """What one run of `update` did to a catalogue."""

    language: str
    added: list[str]
    removed: list[str]
    untranslated: list[str]


def catalogue_path(package: Path, language: str) -> Path:
    """Where the catalogue of a language lies inside the package."""
    return package / "locale" / language / "LC_MESSAGES" / "django.po"


def extract(package: Path) -> Catalog:
    """Every text that the package's Python files and templates mark for translation."""
    found = Catalog(charset="utf-8")
    for path in sorted(package.rglob("*")):
        inside = path.relative_to(package).parts
        if {"migrations", "static", "locale"} & set(inside):
            continue
        if path.suffix == ".py":
            source = path.read_text(encoding="utf-8")
        elif path.suffix in TEMPLATE_SUFFIXES and "templates" in inside:
            source = _python_like(path)
        else:
            continue
        for text, context, notes in _messages(source):
            found.add(text, context=context, auto_comments=notes)
    return found


def _python_like(template: Path) -> str:
    """The template as Django hands it to xgettext; without its indentation, which a Python reader would stumble on."""
    text = templatize(template.read_text(encoding="utf-8"), origin=str(template))
    return "\n".join(line.lstrip() for line in text.splitlines()) + "\n"


def _messages(source: str) -> Iterator[tuple[str | tuple[str, str], str | None, list[str]]]:
    """(text or (singular, plural), context, notes for the translator) of each call in Python-like source."""
    file = io.BytesIO(source.encode())
    calls = extract_python(file, dict.fromkeys(CALLS), TRANSLATOR_NOTES, {"encoding": "utf-8"})
    for _line, function, words, notes in calls:
        arguments = [words] if isinstance(words, str) else list(words or [])
        context_place, places = CALLS[str(function)]
        texts = [text for text in arguments[places[0] : places[-1] + 1] if text]
        if len(texts) < len(places):
            continue  # a call with a variable in place of the text
        context = None if context_place is None else arguments[context_place]
        yield (texts[0] if len(places) == 1 else (texts[0], texts[1])), context, list(notes or [])


def read(package: Path, language: str) -> Catalog:
    """The catalogue as it lies there; empty when there is none."""
    path = catalogue_path(package, language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language, charset="utf-8")


def merged(found: Catalog, existing: Catalog, language: str, chinese: Mapping[str, str] | None = None) -> Catalog:
    """`found` with the translations of `existing`; gaps filled from `chinese`, or with the source text in English."""
    result = Catalog(locale=language, charset="utf-8")
    kept = {_key(message): message for message in existing if message.id}
    for message in found:
        if not message.id:
            continue
        old = kept.get(_key(message))
        string = old.string if old and _is_translated(old) else _filling(message, language, chinese or {})
        flags = set(old.flags) & {"fuzzy"} if old else set()
        result.add(message.id, string, flags=flags, auto_comments=message.auto_comments, context=message.context)
    return result


def _filling(message: Message, language: str, chinese: Mapping[str, str]) -> str | tuple[str, ...]:
    if language == SOURCE_LANGUAGE:
        return message.id if isinstance(message.id, str) else tuple(message.id)
    if isinstance(message.id, str):
        return chinese.get(message.id, "")
    return (chinese.get(message.id[0], ""),)  # one form: Chinese has no plural


def _key(message: Message) -> Key:
    return (message.id if isinstance(message.id, str) else message.id[0]), message.context


def _is_translated(message: Message) -> bool:
    return bool(message.string if isinstance(message.string, str) else message.string and all(message.string))


def _names(catalogue: Iterable[Message]) -> set[Key]:
    return {_key(message) for message in catalogue if message.id}


def render(catalogue: Catalog, language: str) -> str:
    """The catalogue's file: sorted by text, without places and dates."""
    body = io.BytesIO()
    write_po(body, catalogue, width=0, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)
    header = [
        'msgid ""',
        'msgstr ""',
        f'"Language: {language}\\n"',
        '"MIME-Version: 1.0\\n"',
        '"Content-Type: text/plain; charset=utf-8\\n"',
        '"Content-Transfer-Encoding: 8bit\\n"',
        f'"Plural-Forms: {PLURAL_FORMS[language]}\\n"',
    ]
    return "\n".join(header) + "\n\n" + body.getvalue().decode("utf-8").strip("\n") + "\n"


def update(package: Path, chinese: Mapping[str, str] | None = None) -> list[Update]:
    """Bring both catalogues up to the code; `chinese` fills gaps only, a translation that stands is kept."""
    found = extract(package)
    done = []
    for language in PLURAL_FORMS:
        existing = read(package, language)
        result = merged(found, existing, language, chinese)
        path = catalogue_path(package, language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(render(result, language), encoding="utf-8")
        before, now = _names(existing), _names(result)
        open_ones = [_key(message)[0] for message in result if message.id and not _is_translated(message)]
        done.append(Update(language, _texts(now - before), _texts(before - now), sorted(open_ones)))
    return done


def problems(package: Path) -> list[str]:
    """What keeps the catalogues from being whole, one sentence each; empty when they are fresh."""
    found = extract(package)
    sentences = []
    for language in PLURAL_FORMS:
        path = catalogue_path(package, language)
        if not path.exists():
            sentences.append(f"{language}: there is no catalogue")
            continue
        existing = read(package, language)
        named = [f"{language}: {trouble}" for trouble in _troubles(found, existing)]
        if not named and path.read_text(encoding="utf-8") != render(merged(found, existing, language), language):
            named = [f"{language}: the file is not as 'fugong messages' writes it"]
        sentences += named
    return sentences


def _troubles(found: Catalog, existing: Catalog) -> Iterator[str]:
    wanted, present = _names(found), _names(existing)
    yield from (f"missing: {text}" for text in _texts(wanted - present))
    yield from (f"obsolete: {text}" for text in _texts(present - wanted))
    yield from (f"obsolete: {_key(message)[0]}" for message in existing.obsolete.values())
    for message in existing:
        if not message.id or _key(message) not in wanted:
            continue
        text = _key(message)[0]
        if message.fuzzy:
            yield f"fuzzy: {text}"
        elif not _is_translated(message):
            yield f"untranslated: {text}"
        else:
            yield from (f"placeholders differ: {text} ({error})" for error in message.check(existing))


def _texts(keys: Iterable[Key]) -> list[str]:
    return sorted(text for text, _context in keys)


def compile_catalogues(package: Path) -> list[Path]:
    """Write the binary catalogue beside each text catalogue; returns what was written."""
    written = []
    for language in PLURAL_FORMS:
        target = catalogue_path(package, language).with_suffix(".mo")
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_suffix(".partial.mo")
        with partial.open("wb") as file:
            write_mo(file, read(package, language))
        partial.replace(target)  # a server that reads it meanwhile sees the old or the new one, never half
        written.append(target)
    return written


def read_filling(path: Path) -> dict[str, str]:
    """English -> Chinese from a csv of two columns (UTF-8). Raises ValueError naming the first other line."""
    filling = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        for row in reader:
            if not row:
                continue
            if len(row) != 2:
                raise ValueError(f"{path.name}, line {reader.line_num}: {len(row)} columns instead of 2")
            filling[row[0]] = row[1]
    return filling
