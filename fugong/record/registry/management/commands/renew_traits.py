from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from fugong.core.viewer import service_viewer
from fugong.record.registry.actions.traits import renew_traits_after


class Command(BaseCommand):
    help = "Works out anew by which traits the list is narrowed; for after an update. The worker does it each night."

    def handle(self, *args: Any, **options: Any) -> None:
        after, wrong, actor = 0, 0, service_viewer("console")
        while (done := renew_traits_after(actor=actor, after=after)) is not None:
            after, differing = done
            wrong += differing
        self.stdout.write(f"{wrong} enterprises had other traits.")
