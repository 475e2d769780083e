from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AreaLevel(TextChoices):
    """Levels of GB/T 2260 and its township and village extensions; a zone is a local body without a national code."""

    PROVINCE = "province", _("province")
    CITY = "city", _("city")
    COUNTY = "county", _("county or district")
    ZONE = "zone", _("development zone")
    TOWNSHIP = "township", _("township or street")
    VILLAGE = "village", _("village or community")
