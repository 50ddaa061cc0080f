"""Whose entries are tests from now on. Under the account's lock, so that an award sees one answer from check to write."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from loyalty.ledger.models import Account, Entry, Hold


@dataclass(frozen=True, slots=True)
class Change:
    """Our numbers of the members who are testing since a change, and of those who are no longer."""

    joined: list[int]
    left: list[int]


@transaction.atomic
def put_to_test(*, member_ids: Collection[int]) -> Change:
    """Makes what happens to these members from now on a test, and what happens to all others real.

    Their accounts are locked in primary-key order. What is a test already stays one until it is cleaned up. A repeat
    changes nothing.
    """
    wanted = set(member_ids)
    concerned = Account.objects.filter(Q(is_testing=True) | Q(member_id__in=wanted)).order_by("pk")
    joined, left = [], []
    for account in list(concerned.select_for_update(no_key=True)):
        if account.member_id in wanted and not account.is_testing:
            Account.objects.filter(pk=account.pk).update(is_testing=True, has_tests=True)
            joined.append(account.member_id)
        elif account.member_id not in wanted and account.is_testing:
            Account.objects.filter(pk=account.pk).update(is_testing=False)
            left.append(account.member_id)
    return Change(joined, left)


def note_without_tests(*, member_ids: Collection[int]) -> list[int]:
    """Notes of members who are not testing, and whom the caller knows to hold no test above, that there is none to clean up.

    The caller holds their accounts' locks.

    Returns:
        Whom that is true of here as well: no entry of theirs is a test, and no points are held for one.
    """
    accounts = list(Account.objects.filter(member_id__in=member_ids, is_testing=False))
    clean = [account for account in accounts if not _has_tests(account)]
    Account.objects.filter(pk__in=[account.pk for account in clean]).update(has_tests=False)
    return [account.member_id for account in clean]


def ask_for_clean_up(*, now: datetime) -> int:
    """Notes on every account with tests that they are to be taken back; returns on how many. Noted already stays."""
    asked = Account.objects.filter(has_tests=True, cleaning_since=None)
    return int(asked.update(cleaning_since=now))


def give_up_clean_up(*, account_id: int) -> None:
    """Takes the note off an account whose tests cannot be taken back now; they are still there."""
    Account.objects.filter(pk=account_id).update(cleaning_since=None)


def stop_testing(*, account_id: int) -> None:
    """Ends the test of one account that the caller has locked; what is a test stays one until it is cleaned up."""
    Account.objects.filter(pk=account_id, is_testing=True).update(is_testing=False)


@contextmanager
def without_test(*, account_id: int) -> Iterator[None]:
    """Makes what happens inside real, whether or not the member is testing; the caller holds the account's lock."""
    paused = Account.objects.filter(pk=account_id, is_testing=True).update(is_testing=False)
    yield
    if paused:
        Account.objects.filter(pk=account_id).update(is_testing=True, has_tests=True)


def _has_tests(account: Account) -> bool:
    """Whether there is something to clean up, on the account or on one that was merged into it."""
    its_own = Q(account=account) | Q(account__member__merged_into=account.member_id)
    entries = Entry.objects.filter(its_own, is_test=True, sequence__gt=F("account__cleaned_sequence"))
    holds = Hold.objects.filter(account=account, is_test=True, state=Hold.State.ACTIVE)
    return bool(entries.exists() or holds.exists())
