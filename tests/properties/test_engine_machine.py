"""The engine machine, run: 300 examples of 40 steps; `make soak` asks for 5,000 of 100."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.properties.engine_machine import EngineMachine


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(36_000)
def test_whatever_happens_in_whatever_order_the_programme_is_what_its_rules_say() -> None:
    run_state_machine_as_test(
        EngineMachine,
        settings=settings(
            max_examples=int(os.environ.get("ENGINE_EXAMPLES", "300")),
            stateful_step_count=int(os.environ.get("ENGINE_STEPS", "40")),
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
            report_multiple_bugs=False,
            # Shrinking against a database takes minutes; the printed steps and blob replay the failure as it was.
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
        ),
    )
