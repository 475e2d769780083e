import pytest
from django.utils import translation

from fugong.core.viewer import service_viewer


@pytest.fixture(autouse=True)
def english():
    """Sentences are asserted in the source language, whatever the catalogue says."""
    with translation.override("en"):
        yield


@pytest.fixture
def console():
    """The server's own console, which covers every area."""
    return service_viewer("console")
