from fugong.base.audit.selectors.seals import seal_of_day, seal_state, waiting_among
from fugong.base.audit.selectors.trail import areas_of_trail, last_moments, trail_for, trail_of

__all__ = ["areas_of_trail", "last_moments", "seal_of_day", "seal_state", "trail_for", "trail_of", "waiting_among"]
