from copy import deepcopy

import pytest
from django.utils import translation

from fugong.core.registries import DetailField, RequestKind, request_kinds
from fugong.record.desk.selectors import rules


@pytest.fixture(autouse=True)
def english():
    """Sentences are asserted in the source language, whatever the catalogue says."""
    with translation.override("en"):
        yield


@pytest.fixture
def permits(monkeypatch):
    """What a room for permits would register, and a playbook whose category `permits` is of that kind."""
    fields = (DetailField("document", "证件名称", "text"), DetailField("wanted", "何时要用", "date"))
    kind = RequestKind("permit", "审批", fields, lambda detail: f"{detail['document']}，{detail['wanted']}前要用")
    monkeypatch.setitem(request_kinds._entries, "permit", kind)
    playbook_on = rules.playbook_on

    def with_permits(incident, day):
        found = deepcopy(playbook_on(incident, day))
        category = next(item for item in found.content["requests"]["categories"] if item["code"] == "permits")
        category["kind"] = "permit"
        return found

    monkeypatch.setattr(rules, "playbook_on", with_permits)
