from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.db.models import Q

from fugong.base.areas.models import Area
from fugong.base.documents.logic.official import OfficialDocument
from fugong.command.situation.enums import KIND_TITLES, BulletinKind, BulletinState
from fugong.command.situation.logic.bulletin_document import Imprint, document_of
from fugong.command.situation.logic.bulletin_figures import FrozenFigures, figures_from
from fugong.command.situation.logic.bulletin_members import Changed, MemberLine, differences, read_members
from fugong.command.situation.logic.bulletin_text import Fault, text_faults
from fugong.command.situation.logic.bulletin_words import notes_of
from fugong.command.situation.models import Bulletin
from fugong.command.situation.permissions import can_draft_bulletin, can_see_bulletin, can_see_figures
from fugong.command.situation.selectors.bulletin import members_now
from fugong.core.decision import OutOfScope
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.registry.selectors.enterprises import enterprises_for

LISTED = 60
_REMEMBERED = 3600  # seconds


def bulletins_of(viewer: Viewer, incident: Incident, area: Area, before: date | None = None) -> list[Bulletin]:
    """The bulletins of an area, newest day first: all for those who write, published ones for the others."""
    can_see_figures(viewer).require()
    rows = Bulletin.objects.filter(incident=incident, area=area).select_related("area")
    if before is not None:
        rows = rows.filter(last_day__lt=before)
    if not can_draft_bulletin(viewer):
        rows = rows.filter(state=BulletinState.PUBLISHED)
    return list(rows.defer("text").order_by("-last_day", "-pk")[:LISTED])


def bulletin_for(viewer: Viewer, incident: Incident, pk: int) -> Bulletin:
    """One bulletin with its figures. Raises `OutOfScope` outside the viewer's areas, `Denied` for a draft of others."""
    can_see_figures(viewer).require()
    rows = Bulletin.objects.filter(incident=incident, pk=pk)
    rows = rows.whole().select_related("revises__members", "revised_by")
    bulletin = rows.defer("revises__members__content").first()
    if bulletin is None or not viewer.covers(bulletin.area_id):
        raise OutOfScope(f"bulletin {pk}")
    can_see_bulletin(viewer, bulletin).require()
    return bulletin


def published_on(viewer: Viewer, incident: Incident, area: Area, day: date) -> Bulletin | None:
    """The latest revision of the daily bulletin of a day; None when none is published."""
    can_see_figures(viewer).require()
    rows = Bulletin.objects.filter(
        Q(revised_by__isnull=True) | ~Q(revised_by__state=BulletinState.PUBLISHED),
        incident=incident,
        area=area,
        kind=BulletinKind.DAILY,
        last_day=day,
        state=BulletinState.PUBLISHED,
    )
    found = rows.whole().select_related("revises__members").order_by("-number").first()
    if found is not None and not viewer.covers(area.pk):
        raise OutOfScope(f"area {area.code}")
    return found


def figures_of(bulletin: Bulletin) -> FrozenFigures:
    return figures_from(bulletin.frozen.figures)


def members_frozen(bulletin: Bulletin) -> list[MemberLine]:
    """The member file, its hash checked. Raises `Broken`."""
    return read_members(bytes(bulletin.frozen.content), bulletin.frozen.sha256)


def revised(bulletin: Bulletin) -> list[Changed]:
    """What a revision changed against the bulletin that it revises; empty for a first one.

    Two files never change, and neither does what they differ in: it is remembered under their hashes.
    """
    if bulletin.revises is None or not bulletin.is_counted:
        return []
    key = f"bulletin-revised:{bulletin.revises.frozen.sha256}:{bulletin.frozen.sha256}"
    found: list[Changed] | None = cache.get(key)
    if found is None:
        found = differences(members_frozen(bulletin.revises), members_frozen(bulletin))
        cache.set(key, found, _REMEMBERED)
    return found


def changed_since(viewer: Viewer, bulletin: Bulletin) -> list[Changed]:
    """Later corrections: what is counted now of the same day, against the file. Takes seconds: for a job.

    Raises like `members_now`.
    """
    now = members_now(viewer, bulletin.incident, bulletin.area, bulletin.last_day)
    return differences(members_frozen(bulletin), now)


def document_for(bulletin: Bulletin) -> OfficialDocument:
    """The document as it stands: frozen when published, a draft until then."""
    figures = figures_of(bulletin)
    changes = revised(bulletin) if bulletin.is_published else []
    imprint = Imprint(
        kind_title=KIND_TITLES[BulletinKind(bulletin.kind)],
        title=bulletin.title,
        day=bulletin.published_day or bulletin.last_day,
        number=bulletin.number,
        revision=bulletin.revision,
        red_head=bulletin.red_head,
        notes=notes_of(bulletin.revision, bulletin.reason, changes, bulletin.seal),
    )
    return document_of(bulletin.text, figures, imprint)


@dataclass(frozen=True, slots=True)
class NamedMember:
    """A line of the file with the name that the register has for the enterprise now; "" where the viewer sees none."""

    line: MemberLine
    name: str


def named(viewer: Viewer, lines: list[MemberLine]) -> list[NamedMember]:
    """Lines with names. One query."""
    ids = [line.enterprise for line in lines]
    names = dict(enterprises_for(viewer).filter(pk__in=ids).order_by().values_list("pk", "name"))
    return [NamedMember(line, names.get(line.enterprise, "")) for line in lines]


def faults_of(bulletin: Bulletin) -> list[Fault]:
    """What keeps a bulletin from approval: faults of its text, and of its title (line 0)."""
    figures = figures_from(bulletin.frozen.figures)
    of_title = [
        Fault(0, fault.column, fault.quoted, fault.why, fault.mend) for fault in text_faults(bulletin.title, figures)
    ]
    return of_title + text_faults(bulletin.text, figures)
