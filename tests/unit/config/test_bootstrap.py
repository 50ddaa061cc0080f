"""A machine that lacks something hears one clear sentence."""

import importlib.util
import sys

import pytest

from config.launcher import Refusal, bootstrap, redis_server, variables


class TestABareMachine:
    def test_with_an_old_python_hears_which_one_to_take(self, monkeypatch):
        monkeypatch.setattr(sys, "version_info", (3, 9, 2))
        with pytest.raises(Refusal, match=r"needs Python 3.11 or 3.12"):
            bootstrap.ensure_environment()

    @pytest.mark.parametrize("missing", ["venv", "ensurepip"])
    def test_without_venv_hears_what_to_install(self, monkeypatch, missing):
        real = importlib.util.find_spec
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == missing else real(name))
        with pytest.raises(Refusal, match=r"apt-get install python3\.\d+-venv"):
            bootstrap.create_venv()

    def test_without_a_compiler_hears_that_one_is_missing(self, monkeypatch, tmp_path):
        pip = tmp_path / "python"
        pip.write_text("#!/bin/sh\necho \"error: command 'gcc' failed: No such file or directory\"\nexit 1\n")
        pip.chmod(0o755)
        monkeypatch.setattr(bootstrap, "PYTHON", pip)
        with pytest.raises(Refusal, match="no C compiler"):
            bootstrap.install(tmp_path / "pip.log")

    def test_without_packages_hears_pips_last_error(self, monkeypatch, tmp_path):
        pip = tmp_path / "python"
        pip.write_text("#!/bin/sh\necho 'ERROR: No matching distribution found for Django'\nexit 1\n")
        pip.chmod(0o755)
        monkeypatch.setattr(bootstrap, "PYTHON", pip)
        with pytest.raises(Refusal, match="No matching distribution found for Django"):
            bootstrap.install(tmp_path / "pip.log")

    def test_without_redis_hears_what_to_install(self, monkeypatch):
        monkeypatch.setattr(redis_server.shutil, "which", lambda name: None)
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
        with pytest.raises(Refusal, match="apt-get install redis-server"):
            redis_server.binary()


class TestThePort:
    @pytest.mark.parametrize("text", ["0", "65535", "eighty", "-1", "8000 "])
    def test_that_is_none_is_refused(self, text):
        with pytest.raises(Refusal, match="PORT must be"):
            variables.port({"PORT": text})

    def test_is_8000_when_nobody_says(self):
        assert variables.port({}) == variables.port({"PORT": ""}) == 8000
