"""Any file, done and taken back amid anything else: the preview says what comes of it, and the ledger stays provable."""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loyalty.ledger.audit import audit
from loyalty.ledger.models import Account
from loyalty.members.models import Member
from tests.a_shop import NOW, AShop
from tests.importing import Importer, spend

POINTS = st.one_of(st.integers(0, 300), st.sampled_from(["", "1,000", "x", -50]))
MEMBERS = st.lists(
    st.tuples(st.integers(1, 4), POINTS, st.one_of(st.just(""), st.integers(0, 900))), min_size=1, max_size=6
)
MOVEMENTS = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 28), st.integers(-200, 200)), min_size=1, max_size=8)
SHOP = st.fixed_dictionaries({"refund_policy": st.sampled_from(["floor", "debt"])})


def play(shop: AShop, text: str, spent: int, *, sets: bool = True) -> None:
    """Does a file among members with points, lets them spend, and takes it back."""
    importer = Importer(shop.program, now=NOW)
    for number in range(1, 4):
        shop.member(number, points=100 * number, email=f"m{number}@example.com")
    shop.member(4, email="m4@example.com")
    before = dict(Account.objects.values_list("member_id", "available"))
    previewed = importer.preview(text, sets_balance=sets)
    importer.start(previewed)
    after = dict(Account.objects.values_list("member_id", "available"))
    assert sum(after.values()) == previewed.totals["after"]
    assert sum(before.values()) == previewed.totals["before"]
    assert audit(program_id=shop.program.pk) == []
    account = Account.objects.order_by("-available").first()
    if spent and account is not None and account.available >= spent:
        spend(account, spent)
    undone = importer.undo(previewed)
    assert undone.state == "undone"
    assert audit(program_id=shop.program.pk) == []
    if not spent:
        assert dict(Account.objects.values_list("member_id", "available")) == before
    assert Member.objects.count() == 4


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=MEMBERS, wanted=SHOP, sets=st.booleans(), spent=st.sampled_from([0, 0, 90]))
def test_a_list_of_members(rows, wanted, sets, spent):
    with transaction.atomic():
        shop = AShop.new(**wanted)
        with shop.scope():
            lines = "".join(f'm{who}@example.com,"{points}",{lifetime}\n' for who, points, lifetime in rows)
            play(shop, f"email,points,lifetime points\n{lines}", spent, sets=sets)
        transaction.set_rollback(True)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=MOVEMENTS, wanted=SHOP, spent=st.sampled_from([0, 0, 90]))
def test_a_history(rows, wanted, spent):
    with transaction.atomic():
        shop = AShop.new(**wanted)
        with shop.scope():
            lines = "".join(f"m{who}@example.com,2025-01-{day},{points}\n" for who, day, points in rows)
            play(shop, f"email,date,points\n{lines}".replace("-01-", "-1-"), spent)
        transaction.set_rollback(True)
