"""Each Flow trigger: what happens in the shop is heard by Flow, once; Shopify's stand-in judges every payload."""

import pytest
from django.utils import timezone

from flow_extensions.triggers.registry import TRIGGERS
from loyalty.members.models import Member
from loyalty.outbox import relay
from loyalty.outbox.models import Delivery, Event
from loyalty.outbox.operations import send_again
from loyalty.rewards.models import Reward
from tests import flow_happenings as happenings
from tests.flow_happenings import STORIES, heard

pytestmark = pytest.mark.django_db


def test_every_trigger_has_its_story():
    assert STORIES.keys() == TRIGGERS.keys()


@pytest.mark.parametrize("handle", STORIES)
class TestWhatHappens:
    def test_is_heard_by_flow_once(self, shop, handle):
        story, expected = STORIES[handle]
        story(shop)
        (told,) = heard(shop, handle)
        assert {"customer_id": 7001, **expected}.items() <= told.items()
        assert told["Event id"]
        Event.objects.update(fanned_out_at=None)
        assert len(heard(shop, handle)) == 1
        failed = Delivery.objects.filter(destination__startswith="flow:").exclude(state="done")
        assert list(failed.values_list("destination", "last_error")) == []

    def test_of_a_customer_who_is_forgotten_meanwhile_is_told_to_nobody(self, shop, handle):
        story, _ = STORIES[handle]
        story(shop)
        relay.fan_out(now=timezone.now())
        Member.objects.update(redacted_at=timezone.now())
        assert heard(shop, handle) == []


class TestATrigger:
    def test_is_not_even_queued_in_another_case(self, shop):
        happenings.rises(shop)
        happenings.redeems(shop)
        happenings.earns(shop)
        heard(shop)
        queued = set(Delivery.objects.filter(destination__startswith="flow:").values_list("destination", flat=True))
        assert queued == {
            "flow:loyalty-sign-up", "flow:loyalty-vip-tier-achieved", "flow:loyalty-points-redeemed",
            "flow:loyalty-points-earned",
        }  # fmt: skip

    def test_hears_of_store_credit_that_was_given_for_nothing(self, shop):
        happenings.is_given_credit(shop)
        (told,) = heard(shop, "loyalty-credits-earned")
        assert (told["Credits"], told["Redeem Rule ID"]) == (5.0, str(Reward.objects.get().pk))
        assert heard(shop, "loyalty-points-redeemed") == []

    def test_that_is_sent_again_carries_the_same_event(self, shop):
        happenings.redeems(shop)
        heard(shop)
        delivery = Delivery.objects.get(destination="flow:loyalty-points-redeemed")
        send_again(delivery_id=delivery.pk, now=timezone.now())
        Event.objects.filter(pk=delivery.event_id).update(fanned_out_at=None)
        first, second = heard(shop, "loyalty-points-redeemed")
        assert first["Event id"] == second["Event id"]

    def test_says_in_one_line_what_staff_wrote_in_several(self, shop):
        story, _ = STORIES["loyalty-points-earned"]
        story(shop)
        Event.objects.filter(kind="points.earned").update(payload={"points": 5, "note": "Sorry\nfor the\tdelay "})
        (told,) = heard(shop, "loyalty-points-earned")
        assert (told["Note"], told["Earn Rule ID"]) == ("Sorry for the delay", "")

    def test_that_is_gone_is_skipped_with_a_reason(self, shop):
        happenings.signs_up(shop)
        relay.fan_out(now=timezone.now())
        Delivery.objects.filter(destination="flow:loyalty-sign-up").update(destination="flow:gone")
        claim = relay.claim(destination="flow:gone", now=timezone.now())
        relay.attempt(claim=claim, now=timezone.now())
        found = Delivery.objects.get(destination="flow:gone")
        assert (found.state, found.last_error) == ("skipped", "This trigger is gone")

    def test_hears_nothing_of_a_test_reward_that_is_used(self, shop):
        shop.test_mode("shadow", happenings.ada(shop))
        happenings.uses_a_code(shop)
        assert heard(shop, "loyalty-reward-used") == []
        assert Event.objects.get(kind="reward.used").is_test

    def test_keeps_inside_who_takes_no_part_in_a_shop_that_tries_out(self, shop):
        shop.test_mode("restrict", shop.member(7005, now=timezone.now()))
        happenings.has_a_birthday(shop)
        assert heard(shop, "birthday-trigger") == []
        kept = Delivery.objects.get(destination="flow:birthday-trigger")
        assert (kept.state, kept.last_error) == ("skipped", "Test mode keeps this member's news inside")
