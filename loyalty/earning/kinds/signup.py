"""Creating an account: once, for accounts made after the rule was switched on; never by an import."""

from django.utils.translation import gettext_noop as _

from loyalty.earning.kinds.base import Category, Kind

KINDS = (
    Kind("signup", Category.SIGNUP, _("Create an account"), 100, "person-add", how_often=_("Once, for new accounts")),
)
