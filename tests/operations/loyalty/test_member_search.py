"""Members found by a word that few and that very many have: the same definition, whichever way they are looked for."""

import pytest

from loyalty.members import queries
from loyalty.members.models import Member
from tests.a_shop import NOW, AShop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db):
    made = AShop.new()
    with made.scope():
        Member.objects.bulk_create(
            Member(
                program=made.program, shopify_customer_id=n, email=f"m{n}@many.example", first_name="Common" if n % 7 else "Rare",
                referral_code=f"C{n}", enrolled_at=NOW, created_at=NOW, updated_at=NOW,
            )
            for n in range(1, queries.FEW_NAMED + 500)
        )  # fmt: skip
        yield made


@pytest.mark.parametrize("text", ["many.example", "common", "COMMON many", "rare", "rare m21", "nobody", "50%"])
def test_finds_those_that_have_each_word_in_the_order_of_the_list(shop, text):
    words = text.casefold().split()

    def has(member):
        return all(word in (member.email or "") or word in (member.first_name or "").casefold() for word in words)

    assert [each.pk for each in queries.search(text)] == [each.pk for each in queries.members() if has(each)]
    by_name = queries.by_name(queries.search(text))
    assert [each.pk for each in by_name] == [each.pk for each in queries.by_name(queries.members()) if has(each)]
