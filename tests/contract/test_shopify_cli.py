"""`shopify app build` takes our shopify.app.toml and every extension, and would refuse what is wrong (shopify.md 12.2)."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.contract.extensions import NODE, PROJECT, copy_of_the_app

CLI = PROJECT / "node_modules" / "@shopify" / "cli" / "bin" / "run.js"
TRIGGER = "flow_extensions/triggers/loyalty_points_earned/shopify.extension.toml"
ACTION = "flow_extensions/actions/award_custom_action/shopify.extension.toml"
TEMPLATE = "flow_extensions/templates/birthday_bonus/shopify.extension.toml"


@pytest.fixture
def app(tmp_path: Path) -> Path:
    assert CLI.exists() and NODE.exists(), "run `make test`: it installs the pinned Node packages (needs npm)"
    return copy_of_the_app(tmp_path / "app")


def build(app: Path) -> subprocess.CompletedProcess[str]:
    """`shopify app build`, offline and without a login."""
    quiet = {"SHOPIFY_CLI_NO_ANALYTICS": "1", "CI": "1", "NO_UPDATE_NOTIFIER": "1", "NO_COLOR": "1"}
    home = {"HOME": str(app.parent), "XDG_CONFIG_HOME": str(app.parent), "PATH": f"{NODE.parent}:{os.environ['PATH']}"}
    command = [str(NODE), str(CLI), "app", "build", "--skip-dependencies-installation", "--path", str(app)]
    return subprocess.run(
        command,
        env={**home, **quiet},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


def test_the_app_and_its_extensions_build(app):
    done = build(app)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("file", "right", "wrong"),
    [
        ("shopify.app.toml", "embedded = true", 'embedded = "yes"'),
        ("shopify.app.toml", 'api_version = "2026-10"', ""),
        ("shopify.app.toml", 'uri = "/webhooks/compliance"', 'uri = "ftp://x"'),
        ("shopify.app.toml", '"shop/redact"', '"shop/forget"'),
        (TRIGGER, 'key = "', 'key = "Not allowed: 1'),
        (ACTION, 'schema = "./schema.graphql"', ""),
        (ACTION, 'handle = "award-custom-action"', 'handle = "award custom action"'),
        (ACTION, 'type = "customer_reference"', 'type = "customer_reference"\n  key = "customer"'),
        (TEMPLATE, '"loyalty"', '"promotions"'),
    ],
    ids=lambda value: value[:40],
)
def test_a_mistake_would_be_noticed(app, file, right, wrong):
    text = (app / file).read_text()
    assert right in text
    (app / file).write_text(text.replace(right, wrong, 1))
    assert build(app).returncode != 0
