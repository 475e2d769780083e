"""Settings, one module per concern. What a site may set stands in docs/settings.md, one environment variable each."""

from fugong.config.settings.applications import *  # noqa: F403
from fugong.config.settings.database import *  # noqa: F403
from fugong.config.settings.files import *  # noqa: F403
from fugong.config.settings.language import *  # noqa: F403
from fugong.config.settings.messages import *  # noqa: F403
from fugong.config.settings.observability import *  # noqa: F403
from fugong.config.settings.security import *  # noqa: F403
