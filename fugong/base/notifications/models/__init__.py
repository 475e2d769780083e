from fugong.base.notifications.models.message import Message

__all__ = ["Message"]
