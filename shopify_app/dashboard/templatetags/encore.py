"""How figures and moments read: 1,200 points, +100, 20 Nov 2026, 14:05 in the shop's time zone."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django import template

from loyalty.programs.models import Program

register = template.Library()
MINUS = "−"


@register.filter
def number(value: int | None) -> str:
    """A whole number with thousands separators; nothing is a dash."""
    return "–" if value is None else f"{value:,}".replace("-", MINUS)


@register.filter
def signed(value: int | None) -> str:
    """A change of points with its sign."""
    return "–" if value is None else f"{value:+,}".replace("-", MINUS)


@register.filter
def moment(at: datetime | None, program: Program) -> str:
    """Date and time in the shop's time zone."""
    if at is None:
        return "–"
    local = at.astimezone(program.zone)
    return f"{local.day} {local:%b %Y, %H:%M}"


@register.filter
def day(at: datetime | None, program: Program) -> str:
    """The day in the shop's time zone."""
    if at is None:
        return "–"
    local = at.astimezone(program.zone)
    return f"{local.day} {local:%b %Y}"


@register.filter
def last_day(end: datetime | None, program: Program) -> str:
    """The last whole day before an instant, in the shop's time zone: what ends at midnight reads as the day before."""
    return day(end - timedelta(microseconds=1) if end else None, program)


@register.filter
def in_points(program: Program, points: int) -> str:
    """Points by the shop's own name for them, as its customers read it."""
    return program.in_points(points)


@register.filter
def plain(value: Decimal | None) -> str:
    """A decimal without needless zeros: 1.500 reads 1.5, 10.000 reads 10."""
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
