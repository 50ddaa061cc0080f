"""What may happen to programmes: settings and API keys."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import TextChoices
from django.utils.translation import gettext as _

from loyalty.errors import InvalidField, NotFound
from loyalty.events import EventKind
from loyalty.outbox.operations import append
from loyalty.programs.languages import languages_of
from loyalty.programs.models import ApiKey, Program
from loyalty.programs.plans import LEAST_REQUESTS_PER_SECOND
from loyalty.programs.queries import KEY_MARK
from loyalty.public_ids import ALPHABET

MAX_EXPIRY_DAYS, MAX_NOTICE_DAYS, MAX_POINTS_NAME = 3650, 90, 30
_CHOICES: dict[str, type[TextChoices]] = {
    "expiry_model": Program.ExpiryModel,
    "tier_multiplier_scope": Program.MultiplierScope,
    "refund_policy": Program.RefundPolicy,
    "codes_on_refund": Program.CodesOnRefund,
}
LAST_USED_PRECISION = timedelta(minutes=1)
"""A key's last use is written at most this often: a write per request would cost more than it tells."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a merchant decides about the programme.

    Attributes:
        points_expiry_days: 0 to 3650 days after points became available, or of inactivity; 0 is never.
        birthday_notice_days: 0 to 90 days that a birthday must have been saved before it is celebrated.
        enrols_on_order: Whether a customer without an account becomes a member by ordering.
        writes_mage_metafields: Whether Shopify's metafields `mage.loyalty` are written beside Encore's own.
        writes_tier_tags: Whether customers carry a tag that names their VIP tier.
        point_name, points_name: What customers read for one point and for several, up to 30 characters; both or neither.
    """

    is_enabled: bool
    points_expiry_enabled: bool
    points_expiry_days: int
    expiry_model: str
    tier_multiplier_scope: str
    refund_policy: str
    codes_on_refund: str
    birthday_notice_days: int
    enrols_on_order: bool
    code_prefix: str
    writes_mage_metafields: bool
    writes_tier_tags: bool
    point_name: str = ""
    points_name: str = ""


@transaction.atomic
def change_settings(*, program_id: int, settings: Settings, now: datetime) -> Program:
    """Changes a programme's settings for what is to come: points already granted keep their end.

    Raises:
        InvalidField: A setting breaks a rule; the field is named.
    """
    if not 0 <= settings.points_expiry_days <= MAX_EXPIRY_DAYS:
        raise InvalidField(
            "points_expiry_days",
            _("Points expire after 0 to %(most)s days; 0 is never") % {"most": MAX_EXPIRY_DAYS},
        )
    if (
        not all(c.isascii() and (c.isalnum() or c in "-_") for c in settings.code_prefix)
        or len(settings.code_prefix) > 20
    ):
        raise InvalidField("code_prefix", _("The prefix may hold letters, digits, - and _, up to 20"))
    if not 0 <= settings.birthday_notice_days <= MAX_NOTICE_DAYS:
        raise InvalidField(
            "birthday_notice_days",
            _("A birthday is saved 0 to %(most)s days before") % {"most": MAX_NOTICE_DAYS},
        )
    for field, choices in _CHOICES.items():
        if getattr(settings, field) not in choices.values:
            raise InvalidField(field, _("Choose one of the values offered"))
    one, many = checked_names(settings.point_name, settings.points_name)
    program = Program.objects.select_for_update(no_key=True).get(pk=program_id)
    before = _shown(program)
    program.is_enabled = settings.is_enabled
    program.points_expiry_enabled = settings.points_expiry_enabled
    program.points_expiry_days = settings.points_expiry_days
    program.expiry_model = settings.expiry_model
    program.tier_multiplier_scope = settings.tier_multiplier_scope
    program.refund_policy = settings.refund_policy
    program.codes_on_refund = settings.codes_on_refund
    program.birthday_notice_days = settings.birthday_notice_days
    program.enrols_on_order = settings.enrols_on_order
    program.code_prefix = settings.code_prefix
    program.writes_mage_metafields = settings.writes_mage_metafields
    program.writes_tier_tags = settings.writes_tier_tags
    program.point_name, program.points_name = one, many
    program.updated_at = now
    program.save()
    if _shown(program) != before:
        tell_of_change(program_id=program_id, of="settings", now=now)
    return program


def change_languages(*, program_id: int, main: str, further: Iterable[str], now: datetime) -> Program:
    """Sets which languages the texts for customers have; `main` is for whose own is none of them.

    Raises:
        InvalidField: There is no such language; nothing changed.
    """
    languages = languages_of(main, further)
    Program.objects.filter(pk=program_id).update(languages=languages, updated_at=now)
    changed: Program = Program.objects.get(pk=program_id)
    return changed


def _shown(program: Program) -> tuple[object, ...]:
    """What others are shown of a programme's settings, and where it is written."""
    expiry = (program.points_expiry_enabled, program.points_expiry_days)
    return program.is_enabled, expiry, program.writes_mage_metafields, (program.point_name, program.points_name)


def checked_names(one: str, many: str) -> tuple[str, str]:
    """Returns what one point and several are called, trimmed.

    Raises:
        InvalidField: One of the two is missing, or too long; the field is named.
    """
    one, many = one.strip(), many.strip()
    if bool(one) != bool(many):
        raise InvalidField("points_name" if one else "point_name", _("Name both: one point, and several"))
    for field, name in (("point_name", one), ("points_name", many)):
        if len(name) > MAX_POINTS_NAME:
            raise InvalidField(
                field,
                _("A name of points has at most %(most)s characters") % {"most": MAX_POINTS_NAME},
            )
    return one, many


@transaction.atomic
def name_points(*, program_id: int, one: str, many: str, now: datetime) -> None:
    """Gives points a name that customers read from now on. The same name is no change.

    Raises:
        InvalidField: As `checked_names`.
    """
    one, many = checked_names(one, many)
    program = Program.objects.select_for_update(no_key=True).get(pk=program_id)
    if (program.point_name, program.points_name) != (one, many):
        program.point_name, program.points_name, program.updated_at = one, many, now
        program.save(update_fields=["point_name", "points_name", "updated_at"])
        tell_of_change(program_id=program_id, of="settings", now=now)


def tell_of_change(*, program_id: int, of: str, now: datetime) -> None:
    """Writes, in the caller's transaction, that what the programme offers may read differently now.

    Args:
        of: What was changed: "rules", "rewards", "tiers" or "settings".
    """
    append(program_id=program_id, kind=EventKind.PROGRAMME_CHANGED, member_id=None, payload={"of": of}, now=now)


def dismiss_hint(*, program_id: int, hint: str, now: datetime) -> None:
    """Remembers that a merchant does not want to see a hint again. A repeat is no change."""
    with transaction.atomic():
        program = Program.objects.select_for_update().get(pk=program_id)
        if hint not in program.dismissed_hints:
            program.dismissed_hints = [*program.dismissed_hints, hint[:40]]
            program.updated_at = now
            program.save(update_fields=["dismissed_hints", "updated_at"])


def create_api_key(
    *,
    program: Program,
    name: str,
    scope: str,
    now: datetime,
    requests_per_second: int = LEAST_REQUESTS_PER_SECOND,
    may_set_points: bool = False,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Makes a key. The whole key is returned once and kept nowhere: 12 public characters, then 155 random bits.

    Args:
        may_set_points: Whether calls with it may state the points of custom actions that allow it.
        expires_at: The first instant at which it no longer works; None is never.

    Raises:
        InvalidField: The name is empty, the scope is none, a key that only reads may set points, or it ends in the past.
    """
    if not name.strip():
        raise InvalidField("name", _("Give the key a name, so that you know later what uses it"))
    if scope not in ApiKey.Scope.values:
        raise InvalidField("scope", _("Choose full access or read only"))
    if may_set_points and scope != ApiKey.Scope.FULL:
        raise InvalidField("may_set_points", _("A key that only reads can't set points"))
    if expires_at is not None and expires_at <= now:
        raise InvalidField("expires_on", _("The last day must not be in the past"))
    prefix = KEY_MARK + "".join(secrets.choice(ALPHABET) for _ in range(8))
    whole = prefix + "_" + "".join(secrets.choice(ALPHABET) for _ in range(31))
    key: ApiKey = ApiKey.objects.create(
        program=program, name=name.strip()[:100], prefix=prefix, secret_hash=hashlib.sha256(whole.encode()).digest(),
        scope=scope, requests_per_second=requests_per_second, may_set_points=may_set_points, expires_at=expires_at,
        created_at=now,
    )  # fmt: skip
    return key, whole


def revoke_api_key(*, key_id: int, now: datetime) -> ApiKey:
    """Ends a key at once and for good. A revoked key is no change.

    Raises:
        NotFound: No such key in this programme.
    """
    key: ApiKey | None = ApiKey.objects.filter(pk=key_id).first()
    if key is None:
        raise NotFound(_("API key '%(key_id)s' not found") % {"key_id": key_id})
    if key.revoked_at is None:
        key.revoked_at = now
        key.save(update_fields=["revoked_at"])
    return key


def note_use(*, key: ApiKey, now: datetime) -> None:
    """Notes that a key was used, to the minute."""
    if key.last_used_at is None or now - key.last_used_at >= LAST_USED_PRECISION:
        ApiKey._base_manager.filter(pk=key.pk).update(last_used_at=now)


@transaction.atomic
def forget_settings(*, program_id: int, now: datetime) -> None:
    """Deletes the API keys and what the shop told of itself, for `shop/redact`; its ledger stays. A repeat is no change.

    The domain stays as the row's name, so that a late webhook of the shop is known for what it is.
    """
    ApiKey._base_manager.filter(program_id=program_id).delete()
    program = Program.objects.select_for_update().get(pk=program_id)
    program.name, program.storefront_url = program.shopify_domain, ""
    program.test_mode, program.test_mode_emails, program.updated_at = Program.TestMode.OFF, [], now
    program.save()


@transaction.atomic
def purge(*, program_id: int) -> None:
    """Deletes a programme and everything in it, the ledger included, for good: for demo shops that were left half made.

    Nothing of it can be proved or brought back afterwards. A programme that is not there is no change.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL encore.purge = 'on'")  # the one word that opens the append-only journal
    Program.objects.filter(pk=program_id).delete()
