from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from fugong.base.accounts import permissions
from fugong.base.accounts.enums import BodyKind, SecretKind
from fugong.base.accounts.logic.secrets import keyed, plain_code, plain_login, plain_phone, same
from fugong.base.accounts.logic.standing import NO_GRANTS, STANDING, Open
from fugong.base.accounts.models import Body, EntryCode, Mandate, SignIn, User
from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_ids_within, area_tree
from fugong.core import clock
from fugong.core.bulk import Read, read_json, rows_from_json
from fugong.core.decision import OutOfScope
from fugong.core.roles import SEES_AREA, Role
from fugong.core.viewer import ANONYMOUS, Viewer, grant_sources


def account_and_viewer(pk: int, on: date) -> tuple[User | None, Viewer]:
    """The account of this id, and the viewer that this person is on a day. One query.

    The tree of areas is read besides, unless the whole place is held.
    """
    return read_account("%(account)s", {"account": pk}, on).alone()


def read_account(account: str, parameters: dict[str, Any], on: date) -> Read[tuple[User | None, Viewer]]:
    """`account_and_viewer`, to be asked together with other reads; `account`: SQL that answers with the id."""
    grants = " UNION ALL ".join(grant_sources.values()) or NO_GRANTS
    sql = STANDING.format(grants=grants, account=account)
    return Read(sql, parameters | {"on": on}, lambda found: _account(found, on))


def _account(found: Any, on: date) -> tuple[User | None, Viewer]:
    if found is None:
        return None, ANONYMOUS
    account, mandates, granted = read_json(found)
    (user,) = rows_from_json(User, [account])
    open_ones = [Open(*row)._replace(valid_from=date.fromisoformat(row[2])) for row in mandates or ()]
    return user, _viewer(user, open_ones, frozenset(map(tuple, granted or ())), on)


def viewer_for(user: User, on: date) -> Viewer:
    """The viewer that this person is on a day. Queries as `account_and_viewer`."""
    return account_and_viewer(user.pk, on)[1]


def _viewer(user: User, open_ones: list[Open], grants: frozenset[tuple[str, int]], on: date) -> Viewer:
    mandates = [one for one in open_ones if one.valid_from <= on]
    held = tuple((one.role, None if one.parent_id is None else area_ids_within([one.path])) for one in mandates)
    seen = [areas for role, areas in held if role in SEES_AREA]
    covers_root = None in seen
    return Viewer(
        id=user.pk,
        name=user.name,
        username=user.username,
        body_name=mandates[0].short_name or mandates[0].body_name if mandates else "",
        home_area_id=_home(user, open_ones, on),
        body_ids=frozenset(one.body_id for one in mandates),
        roles=frozenset({one.role for one in mandates} | {capacity for capacity, _pk in grants}),
        area_ids=frozenset() if covers_root else frozenset().union(*(areas for areas in seen if areas)),
        covers_root=covers_root,
        mandates=held,
        grants=grants,
    )


def viewer_by_id(user_id: int, on: date) -> Viewer:
    """The viewer that the account of this id is, for jobs that act for a person; nobody if it is not active."""
    user, viewer = account_and_viewer(user_id, on)
    return viewer if user is not None and user.is_active else ANONYMOUS


def user_by_id(pk: int) -> User | None:
    """The account of this id, whoever asks: for jobs that act for a person."""
    return User.objects.filter(pk=pk).first()


def user_named(username: str) -> User | None:
    """The account of this name, whoever asks: for the console and the demonstration loader."""
    return User.objects.filter(username=username).first()


def area_of_person(user: User) -> int | None:
    """Whose matter this person is today, by id; the same as the `home_area_id` of the person's viewer."""
    if user.area_id is not None:
        return user.area_id
    today = clock.today()
    return _home(user, Mandate.objects.open_on(today).filter(user=user).order_by("pk"), today)


def _home(user: User, open_ones: Iterable[Mandate | Open], on: date) -> int | None:
    """The area of the account; else of the mandate held on the day that began last, else of the next one to begin."""
    if user.area_id is not None:
        return user.area_id
    mandates = list(open_ones)
    held = [mandate for mandate in mandates if mandate.valid_from <= on]
    if held:
        return max(held, key=lambda one: (one.valid_from, one.pk)).area_id
    return min(mandates, key=lambda one: (one.valid_from, one.pk)).area_id if mandates else None


def headquarters_of(area: Area) -> Body | None:
    """The headquarters set up for exactly this area, the oldest first. Names of bodies are public."""
    return Body.objects.filter(area=area, kind=BodyKind.HEADQUARTERS).order_by("pk").first()


def body_named(area: Area, name: str) -> Body | None:
    """The body of this name set up for exactly this area. Names of bodies are public."""
    return Body.objects.filter(area=area, name=name).first()


# So many accounts may share one phone number; more are not tried at the door.
_SHARED = 3
# A list of devices for reading.
_DEVICES = 30
_SHORTEST_PHONE = 7


def open_mandate_areas(viewer: Viewer, user: User) -> list[int]:
    """Ids of the areas in which a person holds or will hold a mandate: permissions ask whether all lie within."""
    if viewer.is_anonymous:
        return []
    return list(
        Mandate.objects.open_on(clock.today()).filter(user=user).order_by("pk").values_list("area_id", flat=True)
    )


def may_issue_code(viewer: Viewer, user: User) -> bool:
    """Whether `issue_code` would do it: for lists of many people of whom some belong to others."""
    return bool(permissions.can_issue_code(viewer, user, open_mandate_areas(viewer, user)))


def who_may_be(viewer: Viewer, login: str) -> list[User]:
    """The active accounts that a typed account or phone number may mean; for the sign-in page alone."""
    if not viewer.is_service:
        return []
    wanted = Q(username=plain_login(login))
    phone = plain_phone(login)
    if len(phone) >= _SHORTEST_PHONE:
        wanted |= Q(phone=phone)
    return list(User.objects.filter(wanted, is_active=True).order_by("pk")[:_SHARED])


def who_has_phone(viewer: Viewer, phone: str) -> list[User]:
    """The active accounts with a phone number; for the sign-in page alone."""
    digits = plain_phone(phone)
    if not viewer.is_service or len(digits) < _SHORTEST_PHONE:
        return []
    return list(User.objects.filter(phone=digits, is_active=True).order_by("pk")[:_SHARED])


def code_digest(text: str) -> str:
    """The keyed hash under which a printed code is stored."""
    return keyed(settings.SECRET_KEY, "code", plain_code(text))


def code_presented(viewer: Viewer, text: str) -> EntryCode | None:
    """The living code that somebody typed or scanned; for the sign-in page and for claims."""
    if viewer.is_anonymous:
        return None
    digest = code_digest(text)
    alive = EntryCode.objects.filter(digest=digest).alive(clock.real_now())
    found = alive.select_related("user").order_by("pk").first()
    return found if found is not None and same(found.digest, digest) else None


def code_for_entry(viewer: Viewer, pk: int | None) -> EntryCode | None:
    """The code that this browser presented a moment ago, while it lives; for the sign-in page alone."""
    if not viewer.is_service or pk is None:
        return None
    return EntryCode.objects.filter(pk=pk).alive(clock.real_now()).select_related("user").first()


def mandates_of(viewer: Viewer, user: User) -> list[Mandate]:
    """All mandates of a person, the latest first: one's own, or those of a person whom one may see."""
    if viewer.id != user.pk and person_for(viewer, user.pk) is None:
        return []
    found = Mandate.objects.filter(user=user).select_related("body", "area", "deputy_for__user")
    return list(found.order_by("-valid_from", "-pk"))


def own_sign_ins(viewer: Viewer) -> list[SignIn]:
    """Where one is signed in now, the latest first."""
    found = SignIn.objects.filter(user_id=viewer.id or 0, ended_at=None).order_by("-pk")[:_DEVICES]
    return [sign_in for sign_in in found if SessionStore().exists(sign_in.session_key)]


def own_sign_in(viewer: Viewer, pk: int) -> SignIn:
    """One of one's own sign-ins. Raises `OutOfScope` for another's."""
    found = SignIn.objects.filter(pk=pk, user_id=viewer.id or 0).select_related("user").first()
    if found is None:
        raise OutOfScope(f"sign-in {pk}")
    return found


def people_for(viewer: Viewer) -> QuerySet[User]:
    """The officials an administrator looks after: accounts of the area, and people with a mandate within it."""
    reach = viewer.reach(Role.ADMINISTRATOR)
    officials = User.objects.filter(secret_kind=SecretKind.PASSWORD)
    if reach is None:
        return officials
    serving = Mandate.objects.filter(user=OuterRef("pk"), area_id__in=reach)
    return officials.filter(Q(area_id__in=reach) | Exists(serving))


def own_mandate(viewer: Viewer, pk: int) -> Mandate:
    """One of one's own mandates that holds or will. Raises `OutOfScope` for another's."""
    found = Mandate.objects.open_on(clock.today()).filter(pk=pk, user_id=viewer.id or 0)
    mandate = found.select_related("user", "body", "area").first()
    if mandate is None:
        raise OutOfScope(f"mandate {pk}")
    return mandate


def colleagues_of(viewer: Viewer, mandate: Mandate) -> QuerySet[User]:
    """Who could stand in for a mandate of one's own: officials who serve in the same area, by name."""
    if viewer.id != mandate.user_id:
        return User.objects.none()
    serving = Mandate.objects.held_on(clock.today()).filter(area_id=mandate.area_id)
    found = User.objects.filter(pk__in=serving.values("user"), is_active=True).exclude(pk=viewer.id)
    return found.order_by("name", "pk")


def deputies_of(viewer: Viewer, mandate: Mandate) -> QuerySet[Mandate]:
    """The mandates of those who stand in for one of one's own."""
    found = mandate.deputies.select_related("user", "body", "area", "deputy_for__user").order_by("pk")
    return found if viewer.id == mandate.user_id else found.none()


def person_for(viewer: Viewer, pk: int) -> User | None:
    """An account as its administrator, or whoever keeps the register of its area, may see it."""
    found = people_for(viewer).filter(pk=pk).first()
    if found is not None:
        return found
    keepers = viewer.reach(Role.ADMINISTRATOR, Role.BUREAU_CLERK, Role.TOWNSHIP_CADRE)
    reporters = User.objects.filter(pk=pk, secret_kind=SecretKind.PIN)
    return (reporters if keepers is None else reporters.filter(area_id__in=keepers)).first()


def bodies_for(viewer: Viewer) -> QuerySet[Body]:
    """The bodies of the areas that an administrator looks after."""
    reach = viewer.reach(Role.ADMINISTRATOR)
    bodies = Body.objects.select_related("area").order_by("area__code", "name")
    return bodies if reach is None else bodies.filter(area_id__in=reach)


def bodies_in(area: Area) -> list[Body]:
    """The bodies set up for exactly this area, the oldest first. Names of bodies are public."""
    return list(Body.objects.filter(area=area).order_by("pk"))


def body_by_id(pk: int) -> Body | None:
    """The body of this id. Names of bodies are public."""
    return Body.objects.select_related("area", "parent").filter(pk=pk).first()


def bodies_within(area: Area) -> QuerySet[Body]:
    """The bodies of an area, of those above it and of those beneath: whom its matters can be given to. Public names."""
    tree = area_tree()
    near = tree.within(area) | {above.pk for above in tree.ancestors(area)}
    return Body.objects.filter(area__in=near).select_related("area").order_by("area__path", "name")


def mandates_on(viewer: Viewer, on: date, *roles: str) -> QuerySet[Mandate]:
    """What people hold on a day, for an official to narrow; only these roles where any are given."""
    held = Mandate.objects.held_on(on).filter(user__is_active=True)
    held = held.filter(role__in=roles) if roles else held
    return held if viewer.is_service or viewer.has(*SEES_AREA) else held.none()


def people_of(viewer: Viewer, body: Body, on: date, *roles: str) -> QuerySet[User]:
    """Who serves in a body on a day, by name, for an official; only in these roles where any are given."""
    held = mandates_on(viewer, on, *roles).filter(body=body)
    return User.objects.filter(pk__in=held.values("user")).order_by("name", "pk")


def deputy_in(viewer: Viewer, body: Body, user_id: int, on: date) -> User | None:
    """Who stands in for a person of a body on a day: the deputy named first; for jobs that hand work over."""
    held = mandates_on(viewer, on).filter(body=body, deputy_for__user=user_id).select_related("user").order_by("pk")
    deputy = held.first() if viewer.is_service else None
    return deputy.user if deputy is not None else None


def waiting_in(viewer: Viewer, body: Body) -> list[User]:
    """Who serves in a body and has chosen no password yet, by name."""
    return list(people_of(viewer, body, clock.today()).filter(password__startswith=UNUSABLE_PASSWORD_PREFIX))


def mandate_for(viewer: Viewer, user_id: int, pk: int) -> Mandate | None:
    """One mandate of a person whom the viewer may see."""
    found = Mandate.objects.filter(pk=pk, user_id=user_id).select_related("user", "body", "area").first()
    return found if found is not None and person_for(viewer, user_id) is not None else None


def people_page(viewer: Viewer, wanted: str, after: str, size: int, *, gone: bool) -> list[User]:
    """Officials by account, from one behind `after`; one more than `size` when there are further ones.

    `wanted`: a part of the name, the beginning of the account, or a phone number. `gone`: those who have left.
    """
    found = people_for(viewer).filter(left_at__isnull=not gone)
    if wanted:
        phone = plain_phone(wanted)
        match = Q(name__icontains=wanted) | Q(username__startswith=wanted.lower())
        found = found.filter(match | Q(phone=phone) if len(phone) >= _SHORTEST_PHONE else match)
    if after:
        found = found.filter(username__gt=after)
    standing = Mandate.objects.open_on(clock.today()).select_related("body", "area").order_by("valid_from", "pk")
    found = found.select_related("area").prefetch_related(Prefetch("mandates", standing))
    return list(found.order_by("username")[: size + 1])


def sign_ins_of(viewer: Viewer, user: User) -> list[SignIn]:
    """Where a person whom one looks after is signed in now."""
    if person_for(viewer, user.pk) is None:
        return []
    found = SignIn.objects.filter(user=user, ended_at=None).order_by("-pk")[:_DEVICES]
    return [sign_in for sign_in in found if SessionStore().exists(sign_in.session_key)]


def bodies_with_people(viewer: Viewer) -> list[Body]:
    """The bodies that an administrator looks after, each with `people`: how many serve there now, and `waiting`: how
    many of them have never signed in."""
    serving = Q(mandates__in=Mandate.objects.held_on(clock.today()), mandates__user__is_active=True)
    new = serving & Q(mandates__user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    people, waiting = (Count("mandates__user", filter=which, distinct=True) for which in (serving, new))
    return list(bodies_for(viewer).annotate(people=people, waiting=waiting))


def reporter_with_phone(viewer: Viewer, phone: str, name: str) -> User | None:
    """The reporter of this name and number who has an account already, for whoever invites one."""
    digits = plain_phone(phone)
    if viewer.is_anonymous or len(digits) < _SHORTEST_PHONE:
        return None
    found = User.objects.filter(phone=digits, name=name, secret_kind=SecretKind.PIN, is_active=True)
    return found.order_by("pk").first()


def with_a_secret() -> QuerySet[User]:
    """The accounts that somebody can sign in to, as a condition on other queries."""
    return User.objects.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)


def _workable(viewer: Viewer, also: Iterable[int]) -> QuerySet[User]:
    """Whom an official may give work: accounts of the viewer's areas, who serves there, and those of the ids `also`."""
    if not (viewer.is_service or viewer.has(*SEES_AREA)):
        return User.objects.none()
    officials = User.objects.filter(secret_kind=SecretKind.PASSWORD, is_active=True).order_by("name", "pk")
    if viewer.covers_root:
        return officials
    serving = Mandate.objects.held_on(clock.today()).filter(user=OuterRef("pk"), area_id__in=viewer.area_ids)
    return officials.filter(Q(area_id__in=viewer.area_ids) | Exists(serving) | Q(pk__in=list(also)))


def officials_like(viewer: Viewer, text: str, also: Iterable[int] = (), most: int = 20) -> list[User]:
    """Whom an official may give work, by part of name, beginning of account, or number; without words only `also`."""
    officials = _workable(viewer, also)
    if not text:
        return list(officials.filter(pk__in=list(also))[:most])
    phone = plain_phone(text)
    match = Q(name__icontains=text) | Q(username__startswith=text.lower())
    return list(officials.filter(match | Q(phone=phone) if len(phone) >= _SHORTEST_PHONE else match)[:most])


def officials_among(viewer: Viewer, ids: Iterable[int], also: Iterable[int] = ()) -> list[User]:
    """Those of these ids whom an official may give work, by name; `also` as in `officials_like`."""
    return list(_workable(viewer, also).filter(pk__in=list(ids)))


def officials_by_name(viewer: Viewer, names: Iterable[str], also: Iterable[int] = ()) -> list[User]:
    """Those of exactly these names whom an official may give work, for a file; `also` as in `officials_like`."""
    return list(_workable(viewer, also).filter(name__in=list(names)).order_by("pk"))
