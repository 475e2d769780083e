from fugong.base.accounts.models.body import Body, Mandate
from fugong.base.accounts.models.code import EntryCode
from fugong.base.accounts.models.imported import ImportedMandate
from fugong.base.accounts.models.session import SignIn
from fugong.base.accounts.models.throttle import Throttle
from fugong.base.accounts.models.user import User

__all__ = ["Body", "EntryCode", "ImportedMandate", "Mandate", "SignIn", "Throttle", "User"]
