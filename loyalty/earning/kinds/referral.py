"""Referring a friend: the advocate's points, once per friend."""

from loyalty.earning.kinds.base import Category, Kind

KINDS = (Kind("referral", Category.REFERRAL, "Refer a friend", 500, "person-add", how_often="Once per friend"),)
