"""A test is switched and taken back beside everything else: nobody is hung, and nothing is taken or given twice."""

from datetime import timedelta
from functools import partial

import pytest

from loyalty.earning.models import Award
from loyalty.earning.operations import adjust_points, exclude_by_tags, forget_customer
from loyalty.ledger.models import Account, Entry, Lot
from loyalty.members.operations import update_identity
from loyalty.programs.models import ScheduledRun
from loyalty.programs.scheduling import run
from loyalty.rewards.models import Redemption
from loyalty.rewards.operations import begin, finish
from loyalty.skips.models import Skip
from loyalty.test_mode.operations import (
    ModeTerms,
    award_missed_some,
    begin_awarding,
    begin_clean_up,
    change_test_mode,
    clean_up_some,
)
from loyalty.test_mode.operations.cleaning import CLEAN_UP
from loyalty.test_mode.operations.missed import AWARD_MISSED
from tests.a_shop import NOW, AShop
from tests.concurrency.racing import outcomes, race

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop():
    made = AShop.new()
    with made.scope():
        made.member(7001, email="ada@example.com", points=50), made.member(7002, email="bob@example.com", points=50)
        made.action()
        yield made
        made.assert_sound()


def work(shop, name, some, now=NOW):
    return partial(run, name=name, programs=[shop.program.pk], work=some, clock=lambda: now, begins=False)


def clean(shop, now=NOW):
    return work(shop, CLEAN_UP, clean_up_some, now)


def mode(shop, mode, *emails):
    return partial(change_test_mode, program_id=shop.program.pk, terms=ModeTerms(mode, emails), now=NOW)


def own_points(shop):
    """What the real entries of the two come to, and what their balances say."""
    real = dict.fromkeys((7001, 7002), 0)
    for entry in Entry.objects.filter(is_test=False).select_related("account__member"):
        real[entry.account.member.shopify_customer_id] += entry.points
    return real, {customer: shop.balances(shop.member(customer)).available for customer in real}


class TestACleanUp:
    def test_beside_awards_and_itself_leaves_what_is_real(self, shop):
        mode(shop, "shadow", "ada@example.com")()
        for _ in range(5):
            shop.award()
        mode(shop, "off")()
        begin_clean_up(program_id=shop.program.pk, now=NOW)
        calls = [clean(shop)] * 3 + [partial(shop.award, None)] * 5 + [partial(shop.award, None, customer=7002)] * 3
        assert outcomes(race(shop, calls)) == {"done": 11}
        clean(shop)()
        real, balances = own_points(shop)
        assert real == balances == {7001: 550, 7002: 350}
        assert ScheduledRun.objects.get().counts["members"] == 1

    def test_while_the_test_goes_on_takes_all_that_was_made_before_it_and_nothing_twice(self, shop):
        mode(shop, "shadow", "ada@example.com")()
        begin_clean_up(program_id=shop.program.pk, now=NOW)
        race(shop, [clean(shop)] * 2 + [partial(shop.award, None)] * 8)
        left = Award.objects.filter(status="approved").count() * 100
        assert shop.balances(shop.member(7001)).available == 50 + left
        begin_clean_up(program_id=shop.program.pk, now=NOW)
        clean(shop)()
        assert shop.balances(shop.member(7001)).available == 50
        assert not Lot.objects.filter(is_test=True, remaining__gt=0).exists()

    def test_beside_a_purchase_in_flight_waits_for_its_end(self, shop):
        mode(shop, "shadow", "ada@example.com")()
        shop.award()
        reward, ada = shop.reward(120), shop.member(7001)
        begin_clean_up(program_id=shop.program.pk, now=NOW)
        buying = partial(begin, member=ada, reward_id=reward.public_id, now=NOW, source="rest")
        results = race(shop, [clean(shop), buying, clean(shop)])
        bought = Redemption.objects.first()
        if bought is None:  # the clean-up was first, and there was not enough left
            assert outcomes(results) == {"done": 2, "RewardTooExpensive": 1}
            assert shop.balances(ada).available == 50
            return
        assert (bought.is_test, shop.balances(ada).held) == (True, 120)
        finish(redemption_id=bought.pk, discount_gid="", now=NOW)
        Redemption.objects.update(code=None, state="used")  # store credit, as far as taking back goes: no shop to ask
        clean(shop, NOW + timedelta(minutes=5))()
        assert (shop.balances(ada).available, Redemption.objects.get().is_refunded) == (50, True)
        assert ScheduledRun.objects.get().finished_at is not None


class TestSwitching:
    def test_beside_whatever_members_do_hangs_nobody(self, shop):
        emails = ("ada@example.com", "bob@example.com")
        calls = [mode(shop, "shadow", *emails), mode(shop, "off", *emails), mode(shop, "shadow", emails[1])] * 2
        calls += [partial(shop.award, None, customer=customer) for customer in (7001, 7002)] * 3
        calls += [
            partial(adjust_points, member=shop.member(customer), points=5, source="staff", now=NOW)
            for customer in (7001, 7002)
        ] * 2
        calls += [partial(exclude_by_tags, program_id=shop.program.pk, tags=["staff"], now=NOW)] * 2
        named = {"shopify_customer_id": 7001, "email": "ada@example.com", "last_name": None, "now": NOW}
        calls += [partial(update_identity, first_name=name, **named) for name in ("Ada", "Augusta")]
        assert outcomes(race(shop, calls)) == {"done": len(calls)}
        marked = {award.entry_id: award.is_test for award in Award.objects.all()}
        assert marked == dict(Entry.objects.filter(pk__in=marked).values_list("pk", "is_test"))
        mode(shop, "off")()
        begin_clean_up(program_id=shop.program.pk, now=NOW)
        clean(shop)()
        real, balances = own_points(shop)
        assert real == balances
        assert set(Account.objects.values_list("is_testing", "has_tests")) == {(False, False)}


class TestWhatWasMissed:
    def test_is_awarded_once_by_several_workers_and_a_caller_who_repeats(self, shop):
        mode(shop, "restrict", "ada@example.com")()
        for number in range(6):
            shop.award(f"k{number}", customer=7002)
        shop.award(None, customer=7002)
        mode(shop, "off")()
        begin_awarding(program_id=shop.program.pk, now=NOW)
        calls = [work(shop, AWARD_MISSED, award_missed_some)] * 2
        calls += [partial(award_missed_some, shop.program, "", NOW)] * 2  # a worker whose lease was over
        calls += [partial(shop.award, f"k{number}", customer=7002) for number in range(6)]
        assert outcomes(race(shop, calls)) == {"done": len(calls)}
        work(shop, AWARD_MISSED, award_missed_some)()
        begin_awarding(program_id=shop.program.pk, now=NOW)
        work(shop, AWARD_MISSED, award_missed_some, NOW + timedelta(minutes=5))()
        assert (Award.objects.count(), shop.balances(shop.member(7002)).available) == (7, 750)
        assert set(Skip.objects.values_list("state", flat=True)) == {"given"}

    def test_is_nobodys_when_its_member_is_forgotten_at_that_moment(self, shop, caplog):
        mode(shop, "restrict", "ada@example.com")()
        for _ in range(40):
            shop.award(None, customer=7002)
        mode(shop, "off")()
        calls = [partial(award_missed_some, shop.program, "", NOW)] * 3
        calls += [partial(forget_customer, program=shop.program, shopify_customer_id=7002, now=NOW)]
        assert outcomes(race(shop, calls)) == {"done": len(calls)}
        assert "could not be awarded" not in caplog.text
        states = list(Skip.objects.values_list("state", flat=True))
        assert (states.count("given"), states.count("waiting")) == (Award.objects.count(), 0)
