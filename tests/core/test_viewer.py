from __future__ import annotations

from fugong.core.viewer import ANONYMOUS, Viewer, service_viewer


def test_a_stranger_may_and_sees_nothing():
    assert ANONYMOUS.is_anonymous
    assert not ANONYMOUS.is_service
    assert not ANONYMOUS.has("commander")
    assert not ANONYMOUS.has()
    assert not ANONYMOUS.covers(1)
    assert not ANONYMOUS.covers(None)
    assert ANONYMOUS.enterprises("reporter") == frozenset()


def test_a_service_covers_everything_but_has_no_role():
    service = service_viewer("console")
    assert service.is_service
    assert not service.is_anonymous
    assert service.covers(17)
    assert service.covers(None)
    assert not service.has("administrator")
    assert (service.name, service.id) == ("console", None)


def test_an_official_covers_the_areas_of_the_mandates():
    official = Viewer(id=1, roles=frozenset({"bureau_clerk"}), area_ids=frozenset({3, 4}))
    assert official.has("commander", "bureau_clerk")
    assert official.covers(3)
    assert not official.covers(5)
    assert not official.covers(None)


def test_a_role_is_held_in_the_areas_of_its_own_mandate():
    viewer = Viewer(id=1, mandates=(("bureau_clerk", frozenset({3, 4})), ("auditor", None)))
    assert viewer.holds(3, "commander", "bureau_clerk")
    assert not viewer.holds(5, "bureau_clerk")
    assert viewer.holds(5, "auditor")
    assert not viewer.holds(None, "bureau_clerk")
    assert viewer.holds_everywhere("auditor")
    assert not viewer.holds_everywhere("bureau_clerk")


def test_a_service_holds_every_role_unless_it_acts_for_somebody_and_a_stranger_none():
    assert service_viewer("console").holds(3, "bureau_clerk")
    assert service_viewer("console").holds_everywhere("administrator")
    for_somebody = Viewer(id=1, service="imports", mandates=(("bureau_clerk", frozenset({3})),))
    assert for_somebody.holds(3, "bureau_clerk")
    assert not for_somebody.holds(4, "bureau_clerk")
    assert not for_somebody.holds_everywhere("bureau_clerk")
    assert not ANONYMOUS.holds(3, "bureau_clerk")
    assert not ANONYMOUS.holds_everywhere("bureau_clerk")


def test_a_grant_holds_for_one_capacity_and_one_enterprise():
    reporter = Viewer(id=2, grants=frozenset({("reporter", 7), ("liaison_officer", 8)}))
    assert reporter.acts_for(7, "reporter")
    assert not reporter.acts_for(7, "liaison_officer")
    assert not reporter.acts_for(8, "reporter")
    assert reporter.enterprises("reporter") == {7}
