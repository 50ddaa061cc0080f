"""Web server, worker and scheduler as processes of their own: with development's conveniences production does not start."""

import os
import signal
import subprocess
import sys

import pytest

from config.environment import PROJECT
from tests.servers import KEYS, free_ports

GRANIAN = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--workers", "1", "config.wsgi:application"]
CELERY = ["celery", "-A", "config.celery"]
PROGRAMS = {
    "web": GRANIAN,
    "worker": [*CELERY, "worker", "-Q", "maintenance", "--concurrency", "1"],
    "scheduler": [*CELERY, "beat", "--pidfile="],
}
ROUTES = """
import django; django.setup()
from django.urls import get_resolver
from tests.architecture.routes import _walk
print(*_walk(get_resolver()), sep="\\n")
"""
CONVENIENCES = {
    "SHOPIFY_GATEWAY": "http://127.0.0.1:8001",
    "APP_BRIDGE_URL": "https://example.com/app-bridge.js",
    "POLARIS_URL": "/static/encore/polaris-standin.js",
    "FRAME_ANCESTORS": "https://admin.shopify.com https://example.com",
    "LOYALTY_ALLOW_LOCAL_WEBHOOK_TARGETS": "1",
}


def start(program: str, folder, seconds: float = 60, **changes: str) -> tuple[int | None, str]:
    """Run it in production; returns how it ended and what it said. Still running when the time is up is None."""
    machine = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    port = str(free_ports()[0])
    environ = {
        **machine, **KEYS, "DATABASE_URL": "postgres://nobody@127.0.0.1:1/unset", "REDIS_URL": "redis://127.0.0.1:1/0",
        "APP_URL": "https://encore.example.com", "PYTHONPATH": str(PROJECT), "GRANIAN_PORT": port,
        "DJANGO_SETTINGS_MODULE": "config.settings", **changes,
    }  # fmt: skip
    # the scheduler writes its cache into the folder it runs in
    command = [sys.executable, *(["-m", *PROGRAMS[program]] if program in PROGRAMS else ["-c", program])]
    said = folder / "said.log"
    with (
        said.open("w") as output,
        subprocess.Popen(
            command, cwd=folder, env=environ, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        ) as process,
    ):
        try:
            ended = process.wait(seconds)
        except subprocess.TimeoutExpired:
            ended = None
            os.killpg(process.pid, signal.SIGKILL)  # with its workers
    return ended, said.read_text()


class TestProduction:
    @pytest.mark.parametrize("program", PROGRAMS)
    def test_does_not_start_with_any_of_them_and_says_so(self, program, tmp_path):
        ended, said = start(program, tmp_path, **CONVENIENCES)
        assert ended
        for name in CONVENIENCES:
            assert name in said

    @pytest.mark.parametrize("program", PROGRAMS)
    def test_starts_without_them(self, program, tmp_path):
        assert start(program, tmp_path, seconds=8)[0] is None  # it runs, and waits for its servers

    def test_is_not_escaped_by_a_word_nobody_knows(self, tmp_path):
        ended, said = start("web", tmp_path, ENCORE_ENVIRONMENT="prod", **CONVENIENCES)
        assert ended
        assert "ENCORE_ENVIRONMENT" in said

    def test_has_no_password_login_and_no_gallery_unless_asked(self, tmp_path):
        ended, routes = start(ROUTES, tmp_path)
        assert (ended, "app/settings\n" in routes) == (0, True)
        assert "standalone" not in routes
        assert "gallery" not in routes
        assert "standalone/login/" in start(ROUTES, tmp_path, ENCORE_STANDALONE="1")[1]
