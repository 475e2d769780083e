from __future__ import annotations

import pytest

from fugong.core.viewer import service_viewer
from fugong.services.policies.actions.loading import load_catalogue
from tests.services.policies.firms import CATALOGUE


@pytest.fixture
def measures(place):
    """The measures that come along, kept by the city."""
    load_catalogue(actor=service_viewer("tests"), catalogue=CATALOGUE, area=place.city, source="tests")
