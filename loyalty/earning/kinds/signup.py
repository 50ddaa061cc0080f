"""Creating an account: once, for accounts made after the rule was switched on; never by an import."""

from loyalty.earning.kinds.base import Category, Kind

KINDS = (Kind("signup", Category.SIGNUP, "Create an account", 100, "person-add", how_often="Once, for new accounts"),)
