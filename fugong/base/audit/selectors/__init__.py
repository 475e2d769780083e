from fugong.base.audit.selectors.seals import seal_of_day, seal_state
from fugong.base.audit.selectors.trail import trail_of

__all__ = ["seal_of_day", "seal_state", "trail_of"]
