from __future__ import annotations

from fugong.base.notifications.adapters.delivery import Delivery


class Outbox:
    """No gateway: the message stays on the outbox page, where an administrator reads it. For development and drills."""

    def send(self, number: int, kind: str, phone: str, text: str) -> Delivery:
        return Delivery(left=False)
