"""Test firms for rules: what is known of them, written as one line of text."""

from __future__ import annotations

from datetime import date

from fugong.services.policies.logic.facts import Profile, facts
from fugong.services.policies.logic.files import OWN_FOLDER, Catalogue, ReadVersion, read_files
from fugong.services.policies.logic.parsing import read_rule
from fugong.services.policies.logic.rule import Rule, within_place

CATALOGUE: Catalogue = read_files(OWN_FOLDER)
# A measure as a clerk types it: two tiers by revenue, capped.
TWO_TIERS = {
    "title": "规模企业稳产奖励",
    "aspect": "finance",
    "competent_body": "市工信局",
    "valid_from": "2020-03-01",
    "plain": "制造业企业，按年营业收入分两档奖励。",
    "area": "371500",
    "doc_title": "稳产奖励办法",
    "doc_body": "市工信局",
    "doc_issued_on": "2020-03-01",
    "doc_source": "市工信局网站",
    "joined": "all",
    "fact_0": "industry",
    "how_0": "begins_with",
    "value_0": "C",
    "fact_1": "revenue",
    "how_1": "at_least",
    "value_1": "20,000,000",
    "tier_of": "revenue",
    "low_0": "20000000",
    "below_0": "100000000",
    "give_0": "50000",
    "low_1": "100000000",
    "give_1": "200000",
    "cap": "150000",
}
PLACES = {document.code: document.place for document in CATALOGUE.documents}


def firm(words: str, place: str = "") -> Profile:
    """`size=small laid_off=0` → a profile; an enterprise in the place unless the words say otherwise."""
    known = {"kind": "enterprise", "area": (place or "3715").ljust(6, "0"), "tags": "-"}
    known |= dict(word.split("=", 1) for word in words.split())
    return {name: facts()[name].read(text) for name, text in known.items()}


def version_on(code: str, day: date) -> ReadVersion:
    """The version of a measure that holds on a day."""
    begun = [one for one in CATALOGUE.versions if one.code == code and one.valid_from <= day]
    return max(begun, key=lambda one: one.valid_from)


def rule_of(version: ReadVersion) -> Rule:
    """Its rule with its place."""
    assert version.rule is not None
    return within_place(read_rule(version.rule), PLACES[version.document])
