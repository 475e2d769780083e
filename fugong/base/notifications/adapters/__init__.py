"""What speaks to the outside: one class per way, chosen by the setting FUGONG_SMS_ADAPTER (a dotted path)."""

from fugong.base.notifications.adapters.delivery import Adapter, Delivery, NotDelivered
from fugong.base.notifications.adapters.gateway import HttpGateway
from fugong.base.notifications.adapters.outbox import Outbox

__all__ = ["Adapter", "Delivery", "HttpGateway", "NotDelivered", "Outbox"]
