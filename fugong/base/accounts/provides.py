from __future__ import annotations

from fugong.base.accounts.selectors import viewer_by_id
from fugong.core.viewer import viewer_sources

viewer_sources.register("accounts", viewer_by_id)
