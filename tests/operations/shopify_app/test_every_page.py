"""The pages that browser tests walk are all there are: whatever else the admin has cannot be opened."""

import re

import pytest
from django.test import Client
from django.urls import resolve

from shopify_app.dashboard.urls import pages
from tests.browser.shop import filled_shop

pytestmark = pytest.mark.django_db
IN_A_PAGE: set[str] = set()
"""What is asked for and shown within a page."""


def test_every_page_that_can_be_opened_is_walked():
    shop = filled_shop()
    walked = {resolve("/standalone/" + path.partition("?")[0]).url_name for path in shop.paths()}
    client = Client()
    client.login(username=shop.user, password=shop.user)
    opened = set()
    for page in pages:
        address = re.sub(r"<\w+:\w+>", "1", str(page.pattern))
        if page.name not in walked | IN_A_PAGE and client.get(f"/standalone/{address}").status_code != 405:
            opened.add(page.name)
    assert opened == set()
