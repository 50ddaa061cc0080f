"""Settings > General, Shopify data: each switch does what its sentence says, and "Sync now" reaches everybody, in sets."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone

from loyalty.ledger.models import Account
from loyalty.members.models import Member
from loyalty.outbox import relay
from loyalty.outbox.models import Delivery, Event
from loyalty.tiers.models import Tier
from loyalty.tiers.operations import assign
from shopify_app.dashboard.operations import set_login
from shopify_app.metafields.syncing import AGAIN, EVERY, WITHOUT_TAG
from tests.operations.shopify_app.test_settings_page import AS_IT_IS
from tests.shop_marks import MarkedShop

pytestmark = pytest.mark.django_db
MAGE, TAG = {"writes_mage_metafields": "on"}, {"writes_tier_tags": "on"}


@pytest.fixture
def shop(db, sandbox):
    made = MarkedShop.opened(sandbox, 7001, 7002)
    made.set(code_prefix="TEA-")
    set_login(program=made.program, username="ada", password="ada")
    made.tier("Member", 0), made.tier("Gold", 500)
    with made.scope():
        ada = made.member(7001)
        made.member(7002)
        assign(member_id=ada.pk, tier=Tier.objects.get(name="Gold"), lock=True, now=timezone.now())
        made.work_off()
        yield made


@pytest.fixture
def merchant(shop):
    client = Client()
    client.login(username="ada", password="ada")
    return client


def said(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)][-1:]


def waiting():
    """What waits to be told to Shopify, by destination."""
    relay.fan_out(now=timezone.now())
    found = Delivery.objects.filter(state="pending", destination__startswith="shopify:")
    return sorted(found.values_list("destination", flat=True))


def save(merchant, **changes):
    return said(merchant.post("/standalone/settings", {**AS_IT_IS, **changes}))


def press(merchant):
    return said(merchant.post("/standalone/settings/sync"))


class TestASwitch:
    def test_for_mage_writes_the_shop_and_everybody_there_too(self, shop, merchant):
        assert save(merchant, **MAGE) == ["Settings saved. 2 members are being synced."]
        shop.work_off()
        assert [shop.metafields(number=each)["mage.loyalty"][:1] for each in (7001, 7002)] == ["{", "{"]
        assert shop.metafields("Shop")["mage.loyalty"] == shop.metafields("Shop")["$app.loyalty"]
        assert shop.tags() == []

    def test_for_tags_tags_everybody_and_takes_it_back(self, shop, merchant):
        assert save(merchant, **TAG) == ["Settings saved. 2 members are being synced."]
        shop.work_off()
        assert [shop.tags(each) for each in (7001, 7002)] == [["Encore VIP: Gold"], ["Encore VIP: Member"]]
        assert "mage.loyalty" not in shop.metafields()
        assert save(merchant) == ["Settings saved. 2 members are being synced."]
        shop.work_off()
        assert [shop.tags(each) for each in (7001, 7002)] == [[], []]

    def test_that_stays_as_it_is_syncs_nobody(self, shop, merchant):
        assert save(merchant, code_prefix="CUP-") == ["Settings saved."]
        assert waiting() == []

    def test_for_mage_turned_off_leaves_what_is_there(self, shop, merchant):
        save(merchant, **MAGE)
        shop.work_off()
        before = shop.metafields()["mage.loyalty"]
        assert save(merchant) == ["Settings saved."]
        shop.work_off()
        assert shop.metafields()["mage.loyalty"] == before


class TestSyncNow:
    def test_puts_right_what_somebody_else_has_changed(self, shop, merchant):
        shop.set(writes_tier_tags=True)
        assert press(merchant) == ["2 members are being synced."]
        shop.work_off()
        assert shop.tags() == ["Encore VIP: Gold"]

    def test_pressed_again_queues_nobody_twice(self, shop, merchant):
        press(merchant)
        assert press(merchant) == ["2 members are being synced."]
        assert waiting() == [AGAIN, AGAIN, "shopify:shop-metafield"]

    def test_paces_the_members_and_lets_a_change_go_before_them(self, shop, merchant, django_assert_max_num_queries):
        now = timezone.now()
        many = Member.objects.bulk_create(
            Member(program=shop.program, shopify_customer_id=number, referral_code=str(number), enrolled_at=now,
                   created_at=now, updated_at=now)
            for number in range(8000, 8998)
        )  # fmt: skip
        Account.objects.bulk_create(Account(program=shop.program, member=each, updated_at=now) for each in many)
        with django_assert_max_num_queries(25):
            assert press(merchant) == ["1,000 members are being synced."]
        due = list(Delivery.objects.filter(destination=AGAIN).order_by("next_attempt_at", "pk"))
        assert len(due) == 1000
        assert due[-1].next_attempt_at - due[0].next_attempt_at == 999 * EVERY
        shop.give(shop.member(7002), 40, now=now)
        shop.work_off(now + timedelta(seconds=3))
        assert shop.metafields(number=7002)["$app.balance"] == "40"

    def test_leaves_out_who_is_gone_and_who_is_of_another_shop(self, shop, merchant, sandbox):
        other = MarkedShop.opened(sandbox, 7001)
        other.member()
        Member.objects.filter(shopify_customer_id=7002).update(redacted_at=timezone.now())
        assert press(merchant) == ["1 member is being synced."]
        assert Delivery.objects.filter(destination__in=[AGAIN, WITHOUT_TAG]).count() == 1
        with other.scope():
            assert not Delivery.objects.filter(destination__in=[AGAIN, WITHOUT_TAG]).exists()

    def test_wakes_no_trigger_and_no_vendor(self, shop, merchant):
        before = Event.objects.exclude(kind="programme.changed").count()
        press(merchant)
        assert Event.objects.exclude(kind="programme.changed").count() == before

    def test_is_offered_on_the_page_with_the_number(self, shop, merchant):
        page = merchant.get("/standalone/settings").content.decode()
        assert "2 members and the programme" in page
