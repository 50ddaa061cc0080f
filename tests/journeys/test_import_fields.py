"""Each field of the forms of an import, changed alone: what is true afterwards is another thing."""

from datetime import date

import pytest
from django_scopes import scope

from loyalty.imports.models import Import
from loyalty.ledger.models import Account
from loyalty.members.models import Member
from loyalty.tiers.models import TierMembership
from loyalty.tiers.operations import create_tier
from tests.importing import told
from tests.journeys.test_imports import MATCHED, admin, press, program, upload  # noqa: F401  # its fixtures

pytestmark = pytest.mark.django_db
TEXT = "Email,Points Balance,Birthdate,VIP Tier\nada@example.com,50,03/04/1990,Gold\n"


@pytest.fixture
def bring(admin, program):  # noqa: F811  # the fixtures of the other module
    """Ada has 100 points already; then a file comes with these answers."""
    with scope(program=program):
        for name, at in (("Base", 0), ("Gold", 1000)):
            create_tier(program=program, name=name, threshold=at, multiplier=1, now=program.created_at)
    first = upload(admin, "Email,Points Balance\nada@example.com,100\n")
    press(admin, f"{first.pk}/match", {**MATCHED, "column_birthday": "", "column_tier": ""})
    press(admin, f"{first.pk}/start")

    def bring(text=TEXT, source="rivo", **changed):
        imported = upload(admin, text, source=source)
        answers = {name: value for name, value in {**MATCHED, **changed}.items() if value is not None}
        press(admin, f"{imported.pk}/match", answers)
        press(admin, f"{imported.pk}/start")
        with scope(program=program):
            member = Member.objects.get()
            return {
                "points": Account.objects.get().available,
                "birthday": member.date_of_birth,
                "is_locked": TierMembership.objects.filter(member=member, is_locked=True).exists(),
                "is_told": bool(told()),
                "source": Import.objects.get(pk=imported.pk).source,
            }

    return bring


AS_IT_IS = {
    "points": 50, "birthday": date(1990, 3, 4), "is_locked": True, "is_told": False, "source": "rivo",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [
        ({}, {}),
        ({"sets_balance": "no"}, {"points": 150}),
        ({"locks_tiers": "no"}, {"is_locked": False}),
        ({"day_first": "yes"}, {"birthday": date(1990, 4, 3)}),
        ({"is_silent": None}, {"is_told": True}),
        ({"source": "smile"}, {"source": "smile"}),
        ({"text": TEXT.replace(",50,", ",70,")}, {"points": 70}),  # the field `file`
    ],
    ids=["nothing", "sets_balance", "locks_tiers", "day_first", "is_silent", "source", "file"],
)
def test_changes_what_it_says_and_nothing_else(bring, changed, outcome):
    assert bring(**changed) == {**AS_IT_IS, **outcome}
