"""The ways to read figures and moments (`shopify_app.dashboard.reading`), as filters of the templates."""

from __future__ import annotations

from django import template

from shopify_app.dashboard.language import direction, spoken
from shopify_app.dashboard.reading import (
    a_date,
    birthday,
    day,
    last_day,
    moment,
    number,
    percent,
    plain,
    short_date,
    signed,
)
from shopify_app.dashboard.script_words import script_words

register = template.Library()
for each in (a_date, birthday, day, last_day, moment, number, percent, plain, short_date, signed):
    register.filter(each.__name__, each)
for tag in (direction, script_words, spoken):
    register.simple_tag(tag, name=tag.__name__)
