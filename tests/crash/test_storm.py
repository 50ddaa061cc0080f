"""The storm, small. The whole one: `python -m tests.crash.storm --seed N --kills 5`."""

import subprocess
import sys

import pytest

from config.environment import PROJECT


@pytest.mark.live
def test_nothing_is_lost_or_doubled_when_processes_are_killed():
    command = [sys.executable, "-m", "tests.crash.storm", "--seed", "7", "--awards", "60", "--redemptions", "10"]
    done = subprocess.run(
        [*command, "--kills", "2", "--hurry"], cwd=PROJECT, capture_output=True, text=True, timeout=150, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-3000:]
