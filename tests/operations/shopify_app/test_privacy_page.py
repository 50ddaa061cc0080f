"""Settings > Privacy: what customers asked to be handed over."""

import pytest
from django.test import Client

from tests.browser.shop import filled_shop

pytestmark = pytest.mark.django_db


class TestPrivacy:
    def test_lists_who_asked_and_when_and_shows_the_data(self):
        shop = filled_shop()
        staff = Client()
        staff.login(username=shop.user, password=shop.user)
        (row,) = staff.get("/standalone/settings/privacy").context["rows"]
        assert (row.customer_id, row.requested_at) == (7000, shop.data_request.requested_at)
        page = staff.get(f"/standalone/settings/privacy/{row.id}")
        assert "customer0@example.com" in page.content.decode()
        assert "Content-Disposition" not in page

    def test_of_another_shop_is_not_to_be_found(self):
        shop, other = filled_shop(), filled_shop("other")
        staff = Client()
        staff.login(username=other.user, password=other.user)
        assert staff.get(f"/standalone/settings/privacy/{shop.data_request.pk}").status_code == 404
