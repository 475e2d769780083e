"""Typed registries: a lower room opens one, upper rooms fill it in `provides.py`, the portal triggers discovery."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Generic, Literal, NoReturn, Protocol, TypeVar

from django.utils.functional import Promise

T = TypeVar("T")


class AlreadyRegistered(LookupError):
    """Two rooms gave the same name."""


class Registry(Generic[T]):
    """Name → entry, in the order of names so that no page depends on import order."""

    def __init__(self, title: str) -> None:
        self.title = title
        self._entries: dict[str, T] = {}

    def register(self, name: str, entry: T) -> T:
        """Add an entry. Registering the same object again is harmless; another one under its name is an error."""
        if self._entries.get(name, entry) is not entry:
            raise AlreadyRegistered(f"{self.title}: {name!r} is registered already")
        self._entries[name] = entry
        return entry

    def get(self, name: str) -> T | None:
        return self._entries.get(name)

    def __getitem__(self, name: str) -> T:
        return self._entries[name]

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._entries))

    def items(self) -> list[tuple[str, T]]:
        return sorted(self._entries.items(), key=lambda item: item[0])

    def values(self) -> list[T]:
        return [entry for _, entry in self.items()]


# What a figure's numerator and denominator are made of: enterprises and people are whole, weighted ones may be not.
Amount = int | Decimal


@dataclass(frozen=True, slots=True)
class Filter:
    """Enterprises by what the register says of them on a day. Empty: not asked; otherwise one of the values holds.

    `kinds`, `sizes` and `tags` are codes of the register, `industries` sections or beginnings of GB/T 4754 codes,
    `areas` codes of areas with everything beneath them.
    """

    kinds: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    above_scale: bool | None = None

    @property
    def is_empty(self) -> bool:
        return self == Filter()


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Enterprises that a figure leaves out although they are in its scope, and why, in words by language."""

    which: Filter
    reason: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Counting:
    """What is to be counted: the day of an incident, over which enterprises, against which number of people.

    `base`: "roster" (that of the report), "normal" (the headcount before the incident) or "last_year" (a year before
    the day). `until`: as the reports stood at that moment. `area_ids`: only in these areas. `totals`: the part of the
    economy of which a body's totals stand in for single reports ("" for all of it, None for none). Hashable, so that
    a request counts the same thing once.
    """

    incident_id: int
    day: date
    scope: Filter = Filter()
    exclusions: tuple[Exclusion, ...] = ()
    base: str = "roster"
    until: datetime | None = None
    area_ids: frozenset[int] | None = None
    totals: str | None = None

    def within(self, area_ids: frozenset[int]) -> Counting:
        """The same in these areas only."""
        return replace(self, area_ids=area_ids)


@dataclass(frozen=True, slots=True)
class Cell:
    """One addend of a metric: an area and its two counts (enterprises, people, …)."""

    area_id: int
    numerator: Amount
    denominator: Amount


@dataclass(frozen=True, slots=True)
class Member:
    """One enterprise behind a figure on a day: what it adds and in which state it stands (`missing`, `open`, …)."""

    enterprise_id: int
    name: str
    code: str
    area_id: int
    state: str
    numerator: Amount
    denominator: Amount


@dataclass(frozen=True, slots=True)
class Slice:
    """A page of the members by name: in these states (None: any), behind a key of name and id, at most `size`."""

    states: frozenset[str] | None = None
    after: tuple[str, int] | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Metric:
    """What is counted: registered code. An indicator (data) says which metric, over whom, rounded how, named how.

    `cells(counting)` counts per managing area of the day; `members(counting, slice)` names the enterprises behind the
    counts, so that every figure opens, and `states(counting)` says how many of them are in each state. `unit` is what
    both parts count. The value is numerator ÷ denominator × `factor`: 100 for a rate in per cent. Only where
    `may_exceed` may the numerator be the larger part.
    """

    name: str
    unit: Literal["enterprise", "person", "second"]
    cells: Callable[[Counting], list[Cell]]
    members: Callable[[Counting, Slice], list[Member]]
    states: Callable[[Counting], dict[str, int]]
    factor: Fraction = Fraction(100)
    may_exceed: bool = False

    @property
    def is_rate(self) -> bool:
        """The value is in per cent."""
        return self.factor == 100


class Folder(Protocol):
    """The files of a playbook as section readers see them. Each raises PlaybookError naming file and key."""

    def has(self, name: str) -> bool: ...

    def toml(self, name: str) -> dict[str, Any]: ...

    def table(self, name: str, columns: tuple[str, ...]) -> list[dict[str, str]]: ...

    def xlsform(self, name: str) -> list[dict[str, Any]]: ...

    def files(self, pattern: str) -> list[Path]: ...

    def fail(self, name: str, key: str, message: str) -> NoReturn: ...


@dataclass(frozen=True, slots=True)
class PlaybookSection:
    """A part of a playbook that one room reads and owns. `read` returns plain JSON, kept with the version.

    `keep(actor, folder)` stores what the part brings besides its JSON, in the transaction that loads the version.
    """

    name: str
    read: Callable[[Folder], dict[str, Any] | list[dict[str, Any]]]
    keep: Callable[[Any, Folder], None] = lambda _actor, _folder: None


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """A door that a room offers. `url_name` takes the incident's slug when `per_incident`; shown if `may(viewer)`."""

    name: str
    order: int
    label: Promise
    icon: str
    url_name: str
    per_incident: bool
    may: Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Panel:
    """A piece of the enterprise page. `render(viewer, enterprise id, incident id, day)` returns safe HTML or "".

    The first three by `order` come with the page, the others are fetched after it; each has its own address as well.
    The page asks `may(viewer)` before it names a panel; `render` asks for itself whether the enterprise is in scope.
    """

    name: str
    order: int
    title: Promise
    render: Callable[[Any, int, int, date], str]
    may: Callable[[Any], bool] = lambda _viewer: True


@dataclass(frozen=True, slots=True)
class MergePanel:
    """What a room takes over when two enterprises are merged, shown before it is done.

    `render(viewer, id of the one that stays, id of the other)` returns safe HTML or "" and says the room's rule.
    """

    name: str
    order: int
    title: Promise
    render: Callable[[Any, int, int], str]


@dataclass(frozen=True, slots=True)
class Ticker:
    """Work that the worker process does all the time, every so many `seconds`, beside its jobs: books to keep fresh.

    `run()` takes what is there and returns; it is safe when two workers run it at once, and when one is killed in it.
    """

    name: str
    seconds: float
    run: Callable[[], object]


@dataclass(frozen=True, slots=True)
class ApiScope:
    """What a key of the interface may be made for: shown as `label` to those who `may(viewer)` do it themselves."""

    name: str
    order: int
    label: Promise
    may: Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class ApiRouter:
    """A room's addresses under `/api/v1/<prefix>/`. `router` is a ninja router of the room's `web/api`."""

    prefix: str
    order: int
    title: Promise
    router: Any


@dataclass(frozen=True, slots=True)
class DetailField:
    """One thing that a kind of request asks beyond words. `type`: integer, text or date."""

    name: str
    label: Promise
    type: Literal["integer", "text", "date"]
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class RequestKind:
    """A kind of request at the one desk: a line of service registers its own, with the details that it needs.

    `summary(detail)` says the details in one line, in the language of the request.
    """

    name: str
    label: Promise
    fields: tuple[DetailField, ...] = ()
    summary: Callable[[dict[str, Any]], str] = lambda _detail: ""


# Filled by upper rooms (registry): viewer -> (id, name) of the enterprises that the person may act for.
granted_names: Registry[Callable[[Any], list[tuple[int, str]]]] = Registry("granted_names")
# Filled by upper rooms (registry): viewer, account id -> ids of the areas of enterprises that this account acts for.
granted_areas: Registry[Callable[[Any, int], list[int]]] = Registry("granted_areas")
api_scopes: Registry[ApiScope] = Registry("api_scopes")
api_routers: Registry[ApiRouter] = Registry("api_routers")
metrics: Registry[Metric] = Registry("metrics")
tickers: Registry[Ticker] = Registry("tickers")
playbook_sections: Registry[PlaybookSection] = Registry("playbook_sections")
navigation: Registry[NavigationEntry] = Registry("navigation")
enterprise_panels: Registry[Panel] = Registry("enterprise_panels")
merge_panels: Registry[MergePanel] = Registry("merge_panels")
request_kinds: Registry[RequestKind] = Registry("request_kinds")


@dataclass(frozen=True, slots=True)
class PersonPanel:
    """A piece of a person's page. `render(viewer, user id)` returns safe HTML or ""; it asks itself what is seen."""

    name: str
    order: int
    title: Promise
    render: Callable[[Any, int], str]


person_panels: Registry[PersonPanel] = Registry("person_panels")


@dataclass(frozen=True, slots=True)
class Need:
    """One reason why an enterprise stands on its officer's day sheet, in one line.

    `state`: "bad" (a promise is broken, somebody is missing), "risk" or "brand" (to be known). `weight` orders within
    a state, the larger first.
    """

    enterprise_id: int
    state: Literal["bad", "risk", "brand"]
    weight: int
    text: str


@dataclass(frozen=True, slots=True)
class DaySheetSource:
    """What a room knows of an officer's enterprises today.

    `needs(viewer, incident id, enterprise ids, day, limits)`: at most two statements for all of them, besides
    what a request remembers (playbook, tree of areas). The ids are the viewer's own enterprises by grant. `limits`:
    the numbers of the playbook's `field.toml`.
    """

    name: str
    needs: Callable[[Any, int, frozenset[int], date, Mapping[str, int]], list[Need]]


day_sheet_sources: Registry[DaySheetSource] = Registry("day_sheet_sources")
