"""The shadow machine, run: 150 examples of 40 steps; SHADOW_EXAMPLES and SHADOW_STEPS ask for more."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.properties.shadow_machine import ShadowMachine


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(1200)
def test_a_test_that_is_taken_back_leaves_what_would_have_been_without_it() -> None:
    run_state_machine_as_test(
        ShadowMachine,
        settings=settings(
            max_examples=int(os.environ.get("SHADOW_EXAMPLES", "150")),
            stateful_step_count=int(os.environ.get("SHADOW_STEPS", "40")),
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
            report_multiple_bugs=False,
            # Shrinking against a database takes minutes; the printed steps and blob replay the failure as it was.
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
        ),
    )
