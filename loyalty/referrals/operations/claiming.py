"""A friend accepts an invitation: judged at once, stored once per friend, the code made by a worker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from loyalty.earning.models import EarningRule
from loyalty.errors import InvalidField
from loyalty.events import EventKind
from loyalty.ledger.queries import is_testing
from loyalty.members.models import Member
from loyalty.members.operations import normal_email
from loyalty.nudging import nudge_after_commit
from loyalty.outbox.operations import append
from loyalty.programs.calendar import start_of_day_after
from loyalty.programs.models import Program
from loyalty.public_ids import new_public_id
from loyalty.referrals.errors import (
    AlreadyReferred,
    InvitationUnknown,
    NotNewCustomer,
    ReferralsClosed,
    SamePerson,
    TooManyClaims,
)
from loyalty.referrals.identity import email_key, network_of
from loyalty.referrals.models import Referral, Trace
from loyalty.referrals.operations.tracing import key_of, was_seen
from loyalty.referrals.ports import Person, people
from loyalty.referrals.queries import open_rule
from loyalty.referrals.terms import ReferralTerms, terms_of_rule
from loyalty.rewards.operations.purchase import new_code

HOUR = timedelta(hours=1)
MANY = 5
"""Friends of one advocate within an hour, from which on a referral waits for a decision."""
MOST_FROM_ONE_NETWORK = 10
"""Invitations accepted within an hour from one network, across the shop."""


@dataclass(frozen=True, slots=True)
class _Friend:
    """Who accepts: the address as typed and as compared, their customer id if the shop has one, and what is suspicious."""

    email: str
    key: str
    shopify_customer_id: int | None
    network_digest: str
    suspicions: list[str]


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation that may be accepted: whose, by which rule, and what it offers."""

    advocate: Member
    rule: EarningRule
    terms: ReferralTerms


def invitation(*, program: Program, referral_code: str) -> Invitation:
    """Returns what a referral code invites to, in the programme in scope.

    Raises:
        ReferralsClosed: The programme is off, or has no referral rule that is on.
        InvitationUnknown: Nobody who takes part has this code.
    """
    rule = open_rule()
    if rule is None or not program.is_enabled or not program.is_installed:
        raise ReferralsClosed
    found: Member | None = Member.objects.filter(referral_code=referral_code.strip().upper()[:20]).first()
    while found is not None and found.merged_into_id is not None:
        found = Member.objects.get(pk=found.merged_into_id)
    if found is None or found.redacted_at is not None or found.is_excluded:
        raise InvitationUnknown(referral_code)
    if not program.is_open_to(found.email):
        raise ReferralsClosed
    return Invitation(found, rule, terms_of_rule(rule))


def claim(
    *, program: Program, referral_code: str, email: str, now: datetime, device: str = "", address: str | None = None
) -> tuple[Referral, bool]:
    """Accepts an invitation for a friend, once per friend. It asks the shop, so call it with nothing locked.

    A friend whose referral expired or ended may accept again. What is suspicious and not certain is stored as a reason to
    wait for a decision; the friend gets what they were promised all the same.

    Args:
        device: What the friend's device calls itself, or nothing.
        address: The network address the friend comes from.

    Returns:
        The referral, and whether an earlier claim of theirs had made it (then nothing has changed).

    Raises:
        ReferralsClosed, InvitationUnknown: See `invitation`.
        InvalidField: No e-mail address.
        AlreadyReferred: The friend accepted somebody else's invitation.
        SamePerson: Advocate and friend are one.
        NotNewCustomer: The friend has ordered before.
        TooManyClaims: Too many came from this network within the hour.
        ShopUnreachable: The shop did not say who the friend is; nothing has changed.
    """
    offered = invitation(program=program, referral_code=referral_code)
    email = _checked(email)
    key = key_of(f"email:{email_key(email)}")
    if first := _present(key, offered.advocate):
        return first, True
    network = network_of(address)
    network_digest = key_of(network) if network else ""
    _check_rate(network_digest, now)
    known = _judged(program, offered.advocate, email)
    friend = _Friend(
        email, key, known.shopify_customer_id if known else None, network_digest,
        _suspicions(offered.advocate, device=device, network=network, now=now),
    )  # fmt: skip
    try:
        made = _store(program, offered, friend, now=now)
    except IntegrityError:  # another claim of the friend was first
        if first := _present(key, offered.advocate):
            return first, True
        raise
    if made.code_state == Referral.CodeState.WANTED:
        nudge_after_commit(
            "loyalty.referrals.tasks.work_on_code", queue="purchase", program_id=program.pk, referral_id=made.pk
        )
    return made, False


def _checked(email: str) -> str:
    found = normal_email(email) or ""
    try:
        validate_email(found)
    except ValidationError:
        raise InvalidField("email", _("Enter a valid e-mail address")) from None
    if len(found) > 254:
        raise InvalidField("email", _("Enter an e-mail address of at most 254 characters"))
    return found


def _present(key: str, advocate: Member) -> Referral | None:
    """The friend's referral that is not over without a result; another advocate's is refused."""
    over = [Referral.State.EXPIRED, Referral.State.ENDED]
    found: Referral | None = Referral.objects.filter(friend_key=key).exclude(state__in=over).first()
    if found is not None and found.advocate_id != advocate.pk:
        raise AlreadyReferred
    return found


def _check_rate(network_digest: str, now: datetime) -> None:
    if not network_digest:
        return
    recent = Referral.objects.filter(network_digest=network_digest, claimed_at__gt=now - HOUR)
    if recent.count() >= MOST_FROM_ONE_NETWORK:
        raise TooManyClaims


def _judged(program: Program, advocate: Member, email: str) -> Person | None:
    """Refuses who is surely the advocate or no new customer; returns the friend if the shop knows them."""
    if advocate.email and email_key(advocate.email) == email_key(email):
        raise SamePerson
    friend = people().by_email(shopify_domain=program.shopify_domain, email=email)
    if friend is None:
        return None
    if friend.orders > 0:
        raise NotNewCustomer
    known = people().by_id(shopify_domain=program.shopify_domain, shopify_customer_id=advocate.shopify_customer_id)
    if known is not None and friend.is_same_as(known):
        raise SamePerson
    return friend


def _suspicions(advocate: Member, *, device: str, network: str | None, now: datetime) -> list[str]:
    reasons = []
    if was_seen(member=advocate, kind=Trace.Kind.DEVICE, text=device):
        reasons.append(Referral.HeldFor.SAME_DEVICE)
    if was_seen(member=advocate, kind=Trace.Kind.NETWORK, text=network):
        reasons.append(Referral.HeldFor.SAME_NETWORK)
    if Referral.objects.filter(advocate=advocate, claimed_at__gt=now - HOUR).count() >= MANY:
        reasons.append(Referral.HeldFor.MANY_AT_ONCE)
    return [reason.value for reason in reasons]


@transaction.atomic
def _store(program: Program, offered: Invitation, friend: _Friend, *, now: datetime) -> Referral:
    terms = offered.terms
    wants_code = terms.has_code
    referral: Referral = Referral.objects.create(
        program=program, public_id=new_public_id("ref"), advocate=offered.advocate, friend_email=friend.email,
        friend_key=friend.key, friend_customer_id=friend.shopify_customer_id, rule_id=offered.rule.pk,
        terms=terms.stored(), held_for=friend.suspicions, network_digest=friend.network_digest,
        code=new_code(program.code_prefix) if wants_code else None,
        code_state=Referral.CodeState.WANTED if wants_code else "", next_code_attempt_at=now if wants_code else None,
        is_test=is_testing(member_id=offered.advocate.pk), claimed_at=now, created_at=now, updated_at=now,
        expires_at=start_of_day_after(now, days=terms.claim_days + 1, zone=program.zone),
    )  # fmt: skip
    append(
        program_id=program.pk, kind=EventKind.REFERRAL_CLAIMED, member_id=offered.advocate.pk, now=now,
        payload={
            "referral_id": referral.public_id, "rule_name": offered.rule.name, "friend_gets": terms.friend_gets,
            "offer": terms.offer(program.currency), "expires_at": referral.expires_at.isoformat(),
        },
        is_test=referral.is_test,
    )  # fmt: skip
    return referral
