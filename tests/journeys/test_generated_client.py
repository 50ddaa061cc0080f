"""A client that a common generator makes of the committed document compiles, and does the main job with no line by hand."""

from __future__ import annotations

import compileall
import importlib
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings

from loyalty.ledger.models import Entry

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]
DOCUMENT = settings.BASE_DIR / "docs" / "api" / "openapi.json"


class Generated:
    """The client's modules and functions by the names the generator gives them."""

    def __init__(self, package: str, url: str, key: str) -> None:
        self.package = package
        client = importlib.import_module(f"{package}.client").AuthenticatedClient
        self.client = client(base_url=url, token=key, prefix="", raise_on_unexpected_status=True)

    def body(self, name: str, **fields: Any) -> Any:
        """A body of the document's shape `name`."""
        return getattr(importlib.import_module(f"{self.package}.models"), name)(**fields)

    def ask(self, resource: str, operation: str, *places: str, **given: Any) -> Any:
        """The status and the parsed answer of an operation."""
        module = importlib.import_module(f"{self.package}.api.{resource}.{operation}")
        told = module.sync_detailed(*places, client=self.client, **given)
        return told.status_code.value, told.parsed


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    folder = tmp_path_factory.mktemp("generated")
    settings_file = folder / "generator.yml"
    settings_file.write_text("package_name_override: encore_client\npost_hooks: []\n")
    command = [
        sys.executable, "-m", "openapi_python_client", "generate", "--path", str(DOCUMENT), "--config", str(settings_file),
        "--output-path", str(folder / "client"), "--fail-on-warning",
    ]  # fmt: skip
    made = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert made.returncode == 0, made.stdout + made.stderr
    assert compileall.compile_dir(folder / "client", quiet=1)
    sys.path.insert(0, str(folder / "client"))
    yield "encore_client"
    sys.path.remove(str(folder / "client"))


def test_enrols_awards_redeems_and_reads_back(package, live):
    live.action(points=150)
    reward = live.reward(100)
    customer = str(live.store()["customers"][0]["id"])
    api = Generated(package, live.stack.base_url, live.secret)

    status, enrolled = api.ask("customer", "enrol_a_customer", body=api.body("EnrolBody", shopify_customer_id=customer))
    assert (status, enrolled.data.id) == (200, customer)  # the shop's fixture has made them a member

    award = api.body("ActionBody", action_key="app_install", customer_id=customer, idempotency_key="install-1")
    status, first = api.ask("earning_history_entry", "trigger_a_custom_action", body=award)
    assert (status, first.data.attributes.points, first.data.attributes.replayed) == (201, 150, False)
    status, again = api.ask("earning_history_entry", "trigger_a_custom_action", body=award)
    assert (status, again.data.id, again.data.attributes.replayed) == (200, first.data.id, True)

    _, rewards = api.ask("reward", "list_rewards", filteris_active="true")
    assert [each.id for each in rewards.data] == [reward.public_id]
    purchase = api.body("PurchaseBody", customer_identifier=customer)
    bought = [
        api.ask("reward_history_entry", "purchase_a_reward", reward.public_id, body=purchase, idempotency_key="buy-1")
        for _ in range(2)
    ]
    assert [status for status, _ in bought] == [201, 200]
    (code,) = {answer.data.attributes.discount_code for _, answer in bought}
    assert code in live.codes()

    _, history = api.ask("reward_history_entry", "reward_history", customer)
    assert [line.attributes.discount_code for line in history.data] == [code]
    _, member = api.ask("customer", "get_a_customer", customer)
    assert member.data.attributes.current_points == 50
    status, refused = api.ask("reward", "get_a_reward", "reward_nobodys")
    assert (status, refused.errors[0].code) == (404, "not_found")
    with live.scope():
        assert Entry.objects.count() == 2
