from fugong.base.accounts.models.body import Body, Mandate
from fugong.base.accounts.models.user import User

__all__ = ["Body", "Mandate", "User"]
