"""Social follows and shares. A claim can't be checked, so each earns once, and a delay or limit is offered beside it."""

from django.utils.translation import gettext_noop as _

from loyalty.earning.kinds.base import Category, Kind

_NETWORKS = (
    ("follow_on_instagram", _("Follow on Instagram"), 50, "camera"),
    ("like_on_facebook", _("Like on Facebook"), 50, "share"),
    ("follow_on_tiktok", _("Follow on TikTok"), 50, "share"),
    ("follow_on_x", _("Follow on X"), 50, "share"),
    ("subscribe_on_youtube", _("Subscribe on YouTube"), 50, "share"),
    ("follow_on_pinterest", _("Follow on Pinterest"), 50, "share"),
    ("share_on_facebook", _("Share on Facebook"), 25, "share"),
    ("share_on_x", _("Share on X"), 25, "share"),
)
KINDS = tuple(Kind(action, Category.SOCIAL, label, points, icon) for action, label, points, icon in _NETWORKS)
