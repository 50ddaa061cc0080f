"""What every test may ask for: the throw-away servers, the sandbox, and the whole of Encore running for real."""

from collections.abc import Iterator

import pytest

from tests.sandbox_client import Sandbox
from tests.servers import Servers
from tests.stack import Stack, start_sandbox

pytest_plugins = ["tests.browser_fixtures"]


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
def stack(servers: Servers, sandbox: Sandbox, django_db_setup: None) -> Iterator[Stack]:
    """The real web server, the real workers and the scheduler over the test database and the sandbox.

    Tests that use it are `@pytest.mark.django_db(transaction=True)`: other processes see only what is committed.
    """
    running = Stack(folder=servers.folder, sandbox=sandbox)
    running.start()
    yield running
    running.stop()
