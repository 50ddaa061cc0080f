"""Eight times the same template at once: it is made once, and the others find it there."""

from functools import partial

import pytest

from loyalty.earning.models import EarningRule
from loyalty.rewards.models import Reward
from loyalty.starting.operations import start_programme
from loyalty.tiers.models import Tier
from tests.a_shop import NOW, AShop
from tests.concurrency.racing import outcomes, race

pytestmark = pytest.mark.django_db(transaction=True)
CALLERS = 8


def test_a_template_is_made_once():
    shop = AShop.new()
    call = partial(start_programme, program_id=shop.program.pk, template="coffee", is_active=True, now=NOW)
    results = race(shop, [call] * CALLERS)
    assert outcomes(results) == {"done": CALLERS}
    assert sorted(each.is_nothing for each in results) == [False] + [True] * (CALLERS - 1)
    with shop.scope():
        assert EarningRule.objects.count() == 4
        assert Reward.objects.count() == 1
        assert Tier.objects.count() == 3
