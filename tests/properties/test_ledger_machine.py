"""The ledger machine, run: 300 examples of 40 steps; LEDGER_EXAMPLES and LEDGER_STEPS ask for more."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.properties.ledger_machine import LedgerMachine


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(1200)
def test_any_verbs_in_any_order_keep_every_invariant() -> None:
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            max_examples=int(os.environ.get("LEDGER_EXAMPLES", "300")),
            stateful_step_count=int(os.environ.get("LEDGER_STEPS", "40")),
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
            report_multiple_bugs=False,
            # Shrinking against a database takes minutes; the printed steps and blob replay the failure as it was.
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
        ),
    )
