"""The verbs of the ledger: its whole public surface. Each locks the account, looks its key up, checks, writes, tells."""

from loyalty.ledger.operations.accounts import (
    OpeningLot,
    bring_balance,
    lock_account,
    lock_accounts,
    merge_accounts,
    open_account,
)
from loyalty.ledger.operations.accrual import Grant, accrue, accrue_all, mature, reject
from loyalty.ledger.operations.cleaning import CleanedUp, clean_up
from loyalty.ledger.operations.corrections import Shortfall, adjust, forgive_debt, reverse
from loyalty.ledger.operations.expiry import expire_due, lock_and_expire
from loyalty.ledger.operations.forgetting import forget_words
from loyalty.ledger.operations.holds import capture, hold, release
from loyalty.ledger.operations.importing import Brought, Movement, ToTakeBack, bring_all, open_accounts, take_all_back
from loyalty.ledger.operations.returning import give_back
from loyalty.ledger.operations.testing import (
    ask_for_clean_up,
    give_up_clean_up,
    note_without_tests,
    put_to_test,
    stop_testing,
    without_test,
)

__all__ = [
    "Brought",
    "CleanedUp",
    "Grant",
    "Movement",
    "OpeningLot",
    "Shortfall",
    "ToTakeBack",
    "accrue",
    "accrue_all",
    "adjust",
    "ask_for_clean_up",
    "bring_all",
    "bring_balance",
    "capture",
    "clean_up",
    "expire_due",
    "forget_words",
    "forgive_debt",
    "give_back",
    "give_up_clean_up",
    "hold",
    "lock_account",
    "lock_accounts",
    "lock_and_expire",
    "mature",
    "merge_accounts",
    "note_without_tests",
    "open_account",
    "open_accounts",
    "put_to_test",
    "reject",
    "release",
    "reverse",
    "stop_testing",
    "take_all_back",
    "without_test",
]
