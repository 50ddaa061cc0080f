"""The yearly return of the day a member joined (or of their own anniversary date): once a year, never in the first."""

from loyalty.earning.kinds.base import Category, Kind

KINDS = (Kind("anniversary", Category.ANNIVERSARY, "Anniversary of joining", 100, "calendar", how_often="Once a year"),)
