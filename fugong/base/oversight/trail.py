from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.core.oversight import trail_verbs

trail_verbs.register("oversight.personal.opened", _("opened personal data"))
trail_verbs.register("oversight.page.read", _("read an entry outside the own area"))
trail_verbs.register("oversight.trail.read", _("searched the trail"))
trail_verbs.register("oversight.trail.exported", _("exported the trail"))
