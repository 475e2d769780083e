from fugong.base.tokens.models.answer import KeptAnswer
from fugong.base.tokens.models.token import ApiToken

__all__ = ["ApiToken", "KeptAnswer"]
