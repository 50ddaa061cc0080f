"""The yearly return of the day a member joined (or of their own anniversary date): once a year, never in the first."""

from django.utils.translation import gettext_noop as _

from loyalty.earning.kinds.base import Category, Kind

KINDS = (
    Kind("anniversary", Category.ANNIVERSARY, _("Anniversary of joining"), 100, "calendar", how_often=_("Once a year")),
)
