"""`manage.py` finds its servers, or says one sentence."""

import json
import os

import pytest

from config import environment


class TestAttaching:
    def test_fills_in_what_the_running_demo_wrote_and_values_already_there_win(self, tmp_path):
        record = {"pid": os.getpid(), "environment": {"DATABASE_URL": "postgres://demo", "PORT": "8123"}}
        (tmp_path / "running.json").write_text(json.dumps(record))
        environ = {"ENCORE_HOME": str(tmp_path), "PORT": "9000"}
        environment.attach(environ)
        assert environ == {"ENCORE_HOME": str(tmp_path), "PORT": "9000", "DATABASE_URL": "postgres://demo"}

    def test_without_a_demo_it_says_that_none_runs_and_what_to_do(self, tmp_path):
        with pytest.raises(environment.NothingRuns, match="make demo"):
            environment.attach({"ENCORE_HOME": str(tmp_path)})

    def test_a_record_of_a_dead_process_counts_as_none(self, tmp_path):
        (tmp_path / "running.json").write_text(json.dumps({"pid": 2**22 + 1, "environment": {}}))
        with pytest.raises(environment.NothingRuns):
            environment.attach({"ENCORE_HOME": str(tmp_path)})

    def test_named_servers_need_no_demo(self, tmp_path):
        environ = {"ENCORE_HOME": str(tmp_path), "DATABASE_URL": "postgres://x", "REDIS_URL": "redis://x"}
        environment.attach(environ)
        assert len(environ) == 3
