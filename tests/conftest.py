"""What every test may ask for: the throw-away servers, the sandbox, and the whole of Encore running for real."""

from collections.abc import Iterator

import pytest
from django.utils import timezone

from shopify_app.shops.models import Shop
from shopify_app.shops.operations import install
from tests.sandbox_client import Sandbox
from tests.servers import Servers
from tests.stack import Stack, start_sandbox

pytest_plugins = ["tests.browser_fixtures"]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Who needs the running Encore comes last: its workers take up whatever is due, other tests' rows included."""
    items.sort(key=lambda item: "whole_stack" in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(servers: Servers) -> None:
    """pytest-django asks for this before it creates the test database: the servers must run by then."""


@pytest.fixture(scope="session")
def sandbox(servers: Servers) -> Iterator[Sandbox]:
    """Shopify in a box, a process of its own; Django's settings already point at it."""
    child = start_sandbox(servers.folder)
    client = Sandbox(servers.sandbox_url)
    yield client
    child.stop()


@pytest.fixture(scope="session")
def whole_stack(servers: Servers, sandbox: Sandbox, django_db_setup: None) -> Iterator[Stack]:
    """Every process, started once."""
    running = Stack(folder=servers.folder, sandbox=sandbox)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def stack(whole_stack: Stack) -> Iterator[Stack]:
    """The real web server, the real workers and the scheduler over the test database and the sandbox.

    Tests that use it are `@pytest.mark.django_db(transaction=True)`: other processes see only what is committed.
    """
    whole_stack.wake_workers()
    yield whole_stack
    whole_stack.rest_workers()


CUSTOMER = {
    "id": 7001,
    "email": "ada@example.com",
    "first_name": "Ada",
    "last_name": "Lovelace",
    "created_at": "2025-01-01T00:00:00Z",
}


@pytest.fixture
def installed_shop(db: None, sandbox: Sandbox) -> Shop:
    """A store of its own in the sandbox, with one customer, in which Encore is installed."""
    domain = sandbox.new_store(customers=[CUSTOMER])
    return install(domain=domain, id_token=sandbox.id_token(domain), now=timezone.now())
