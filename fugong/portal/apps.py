from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PortalConfig(AppConfig):
    name = "fugong.portal"
    label = "portal"

    def ready(self) -> None:
        """The one place where registries are filled and receivers connected."""
        autodiscover_modules("receivers", "provides", "trail", "web.panels")
