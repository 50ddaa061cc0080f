"""Settings > General: each field changes its own setting and nothing else; what is wrong changes nothing."""

import pytest
from django.test import Client

from loyalty.members.models import Member
from loyalty.programs.models import Program
from shopify_app.dashboard.operations import set_login
from shopify_app.metafields.offer import read_offer
from tests.a_shop import AShop

pytestmark = pytest.mark.django_db
AS_IT_IS = {
    "is_enabled": "on", "points_expiry_days": "365", "expiry_model": "fixed", "tier_multiplier_scope": "all",
    "refund_policy": "floor", "codes_on_refund": "keep", "birthday_notice_days": "30", "code_prefix": "TEA-",
    "excluded_tags": "", "test_mode_emails": "",
}  # fmt: skip


@pytest.fixture
def shop(db):
    made = AShop.new()
    set_login(program=made.program, username="ada", password="ada")
    with made.scope():
        yield made


@pytest.fixture
def post(shop):
    client = Client()
    client.login(username="ada", password="ada")
    return lambda **changes: client.post("/standalone/settings", {**AS_IT_IS, **changes})


def stored(shop) -> dict:
    values = Program.objects.filter(pk=shop.program.pk).values().get()
    return {name: value for name, value in values.items() if name != "updated_at"}


class TestAFieldAlone:
    @pytest.mark.parametrize(
        ("field", "given", "kept"),
        [
            ("points_expiry_enabled", "on", True),
            ("points_expiry_days", "90", 90),
            ("expiry_model", "inactivity", "inactivity"),
            ("tier_multiplier_scope", "purchases", "purchases"),
            ("refund_policy", "block", "block"),
            ("codes_on_refund", "reactivate", "reactivate"),
            ("birthday_notice_days", "0", 0),
            ("enrols_on_order", "on", True),
            ("code_prefix", "CUP-", "CUP-"),
            ("writes_mage_metafields", "on", True),
            ("writes_tier_tags", "on", True),
            ("excluded_tags", "wholesale, staff\nWholesale", ["Wholesale", "staff"]),
        ],
    )
    def test_changes_its_own_setting(self, shop, post, field, given, kept):
        before = stored(shop)
        assert post(**{field: given}).status_code == 303
        assert stored(shop) == {**before, field: kept}

    def test_names_points_as_customers_read_them(self, shop, post):
        shop.rule("referral", 400)
        before = stored(shop)
        assert post(point_name="bean", points_name=" beans ").status_code == 303
        assert stored(shop) == {**before, "point_name": "bean", "points_name": "beans"}
        shop.program.refresh_from_db()
        rewards = read_offer(program=shop.program)["referral_program"]["referral_rewards"]
        assert "400 beans" in [each["name"] for each in rewards]

    @pytest.mark.parametrize("names", [{"point_name": "bean"}, {"points_name": "beans"}])
    def test_needs_both_names_of_points(self, shop, post, names):
        before = stored(shop)
        assert post(**names).status_code == 422
        assert stored(shop) == before

    @pytest.mark.parametrize(
        ("field", "given"),
        [
            ("points_expiry_days", "3651"),
            ("expiry_model", "never"),
            ("refund_policy", ""),
            ("codes_on_refund", "x"),
            ("birthday_notice_days", "91"),
            ("birthday_notice_days", ""),
            ("excluded_tags", "x" * 256),
            ("code_prefix", "Ä-"),
        ],
    )
    def test_that_is_wrong_changes_nothing_and_says_so(self, shop, post, field, given):
        before = stored(shop)
        assert post(**{field: given}).status_code == 422
        assert stored(shop) == before


def test_tags_that_exclude_are_judged_at_once(shop, post):
    ada = shop.member()
    Member.objects.filter(pk=ada.pk).update(tags=["Staff"])
    post(excluded_tags="staff")
    ada.refresh_from_db()
    assert (ada.status, ada.excluded_by, ada.exclusion_reason) == ("excluded", "tag", "staff")
    post()
    ada.refresh_from_db()
    assert ada.status == "member"
