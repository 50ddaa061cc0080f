"""Imports, from a file to the ledger: what they bring, what they leave alone, and that no row is done twice."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import connection
from django.utils import timezone
from django_scopes import scope

from loyalty.earning.operations import RuleTerms, create_rule
from loyalty.imports import operations
from loyalty.imports.errors import WrongMoment
from loyalty.imports.models import Import
from loyalty.imports.operations.running import run_some
from loyalty.imports.operations.steps import RUN, at_work, work_of
from loyalty.ledger.audit import audit
from loyalty.ledger.models import Account, Entry, Lot
from loyalty.ledger.operations import Shortfall, reverse
from loyalty.members.models import Member
from loyalty.outbox.models import Event
from loyalty.programs.models import Program
from loyalty.programs.scheduling import run
from loyalty.tiers.models import TierEntryGrant, TierMembership
from loyalty.tiers.operations import create_tier
from shopify_app.shops.operations import install
from tests.a_shop import AShop
from tests.importing import Importer, spend, told

pytestmark = pytest.mark.django_db
PEOPLE = [
    {"id": 7100 + n, "email": f"guest{n}@example.com", "first_name": f"Guest{n}", "created_at": "2026-01-01T00:00:00Z"}
    for n in range(5)
]


@pytest.fixture
def shop(db, sandbox):
    """A shop of the sandbox with customers who are no members; its ledger is proved when the test is over."""
    domain = sandbox.new_store(customers=PEOPLE)
    installed = install(domain=domain, id_token=sandbox.id_token(domain), now=timezone.now())
    made = AShop(Program.objects.get(pk=installed.program_id))
    with made.scope():
        yield made
    assert audit(program_id=made.program.pk) == []


@pytest.fixture
def importer(shop):
    return Importer(shop.program, now=timezone.now())


def balance(email: str) -> tuple[int, int]:
    account = Account.objects.get(member__email=email)
    return account.available, account.lifetime


class TestANewMember:
    def test_joins_with_a_balance_that_nobody_earned_here(self, importer):
        create_rule(
            program=importer.program, action="signup", terms=RuleTerms(name="Join", points=50),
            now=importer.now - timedelta(days=900),
        )  # fmt: skip
        done = importer.run('Email,Points Balance\nGUEST1@example.com,"1,200"\n', source="rivo")
        assert (done.state, done.counts["joined"], done.totals["brought"]) == ("done", 1, 1200)
        member = Member.objects.get(email="guest1@example.com")
        assert (member.shopify_customer_id, member.first_name) == (7101, "Guest1")
        assert balance("guest1@example.com") == (1200, 1200)
        assert list(Entry.objects.values_list("kind", "points", "source")) == [("opening", 1200, "import")]
        assert told() == []

    def test_is_told_of_where_the_merchant_wants_it(self, importer):
        importer.run("email,points\nguest1@example.com,10\n", is_silent=False)
        assert told() == ["member.enrolled", "points.earned"]

    def test_is_found_by_the_customer_id_as_well(self, importer):
        importer.run("customer_id,points\ngid://shopify/Customer/7102,10\n'7103,20\n")
        assert (balance("guest2@example.com")[0], balance("guest3@example.com")[0]) == (10, 20)

    def test_who_is_no_customer_is_an_error_and_nobody_joins(self, importer):
        previewed = importer.preview("email,points\nnobody@example.com,10\nguest1@example.com,5\n")
        assert importer.faults(previewed) == {2: "no_customer"}
        assert (previewed.counts["new"], previewed.counts["error"]) == (1, 1)
        assert Member.objects.count() == Entry.objects.count() == 0


class TestAPreview:
    def test_says_what_would_come_of_it_and_writes_nothing(self, importer, shop):
        importer.run("email,points\nguest0@example.com,100\nguest1@example.com,100\n")
        before = shop_state()
        previewed = importer.preview(
            "email,points\nguest0@example.com,250\nguest1@example.com,100\nguest2@example.com,30\nguest3@,1\n"
            "guest4@example.com,1\nguest4@example.com,2\n"
        )
        counts = {name: previewed.counts[name] for name in ("new", "changed", "same", "error")}
        assert counts == {"new": 1, "changed": 1, "same": 1, "error": 3}
        assert previewed.totals == {"added": 180, "taken": 0, "before": 200, "after": 380}
        assert importer.faults(previewed) == {5: "bad_email", 6: "duplicate", 7: "duplicate"}
        assert shop_state() == before

    def test_can_be_asked_for_anew_with_other_columns(self, importer):
        text = "email,a,b\nguest1@example.com,10,20\n"
        imported = importer.upload(text)
        for place, wanted in ((1, 10), (2, 20)):
            previewed = importer.match(imported, columns={"email": 0, "points": place})
            assert previewed.totals["added"] == wanted
        assert len(importer.rows(imported)) == 1


def shop_state():
    return [list(model.objects.order_by("pk").values()) for model in (Member, Account, Entry, Lot, TierMembership)]


class TestBalances:
    def test_are_set_or_added_as_chosen(self, importer):
        importer.run("email,points\nguest0@example.com,100\nguest1@example.com,100\n")
        importer.run("email,points\nguest0@example.com,30\nguest1@example.com,130\n")
        assert (balance("guest0@example.com"), balance("guest1@example.com")) == ((30, 100), (130, 130))
        importer.run("email,points\nguest0@example.com,-50\nguest1@example.com,5\n", sets_balance=False)
        assert (balance("guest0@example.com")[0], balance("guest1@example.com")[0]) == (0, 135)

    def test_are_judged_afresh_when_somebody_earned_since_the_preview(self, importer, shop):
        importer.run("email,points\nguest0@example.com,100\n")
        previewed = importer.preview("email,points\nguest0@example.com,150\n")
        shop.give(Member.objects.get(email="guest0@example.com"), 40, now=importer.now)
        importer.start(previewed)
        assert balance("guest0@example.com")[0] == 150

    def test_repay_a_debt_first(self, importer, shop):
        importer.run("email,points\nguest0@example.com,100\n")
        account = Account.objects.get()
        spend(account, 100)
        reverse(
            entry_id=Entry.objects.get(kind="opening").pk,
            points=100,
            key="owe",
            now=importer.now,
            shortfall=Shortfall.DEBT,
        )
        importer.run("email,points\nguest0@example.com,50\n")
        account.refresh_from_db()
        assert (account.available, account.debt) == (50, 0)

    def test_end_when_the_file_or_the_programme_says(self, importer, shop):
        shop.set(points_expiry_enabled=True, points_expiry_days=10, time_zone="UTC")
        importer.program.refresh_from_db()
        ends = (importer.now + timedelta(days=40)).date()
        importer.run(f"email,points,Points Expire At\nguest0@example.com,1,{ends}\nguest1@example.com,2,\n")
        found = dict(Lot.objects.values_list("points", "expires_at"))
        assert found[1].date() == ends + timedelta(days=1)
        assert found[2] > importer.now and found[2] < importer.now + timedelta(days=12)

    def test_blank_cells_change_nothing(self, importer):
        importer.run("email,points,birthday\nguest0@example.com,100,1990-04-03\n")
        previewed = importer.preview("email,points,birthday,tier\nguest0@example.com,,,\n")
        assert previewed.counts["same"] == 1
        importer.start(previewed)
        assert balance("guest0@example.com") == (100, 100)
        assert Member.objects.get().date_of_birth == date(1990, 4, 3)

    def test_a_lifetime_of_its_own_is_kept(self, importer):
        importer.run("email,points,lifetime points\nguest0@example.com,100,900\nguest1@example.com,,300\n")
        assert (balance("guest0@example.com"), balance("guest1@example.com")) == ((100, 900), (0, 300))

    def test_of_who_is_excluded_stay(self, importer, shop):
        importer.run("email,points\nguest0@example.com,100\n")
        Member.objects.update(status="excluded")
        previewed = importer.preview("email,points\nguest0@example.com,500\n")
        assert importer.faults(previewed) == {2: "excluded"}


class TestTiers:
    @pytest.fixture(autouse=True)
    def ladder(self, importer):
        with scope(program=importer.program):
            for name, threshold, entry in (("Base", 0, 0), ("Silver", 500, 25), ("Gold", 1000, 70)):
                create_tier(
                    program=importer.program, name=name, threshold=threshold, multiplier=Decimal(1), entry_points=entry,
                    now=importer.now,
                )  # fmt: skip

    def tier(self, number: int) -> tuple[str, bool]:
        held = TierMembership.objects.select_related("tier").get(member__email=f"guest{number}@example.com")
        return held.tier.name, held.is_locked

    def test_are_given_and_locked_with_nothing_on_entry(self, importer):
        importer.run("email,points,VIP Tier\nguest0@example.com,10,gold\nguest1@example.com,600,\n")
        assert (self.tier(0), self.tier(1)) == (("Gold", True), ("Silver", False))
        assert TierEntryGrant.objects.count() == 0
        assert balance("guest1@example.com")[0] == 600

    def test_are_the_rules_affair_where_the_merchant_says_so(self, importer):
        importer.run("email,points,VIP Tier\nguest0@example.com,10,Gold\n", locks_tiers=False)
        assert self.tier(0) == ("Base", False)

    def test_that_the_programme_has_not_are_errors(self, importer):
        previewed = importer.preview("email,tier\nguest0@example.com,Platinum\n")
        assert [(row.fault, row.fault_value) for row in importer.rows(previewed)] == [("unknown_tier", "Platinum")]

    def test_a_member_who_rises_by_it_is_given_nothing_and_told_only_if_asked(self, importer):
        importer.run("email,points\nguest0@example.com,10\n")
        importer.run("email,points\nguest0@example.com,700\n")
        assert (self.tier(0), told()) == (("Silver", False), [])
        importer.run("email,tier\nguest0@example.com,Gold\n", is_silent=False)
        event = Event.objects.get(kind="tier.changed")
        assert (told(), event.payload["source"], balance("guest0@example.com")[0]) == (["tier.changed"], "import", 700)
        assert TierEntryGrant.objects.count() == 0

    def test_come_back_with_the_import(self, importer):
        importer.run("email,points\nguest0@example.com,700\nguest1@example.com,0\n")
        done = importer.run("email,tier\nguest0@example.com,Gold\nguest1@example.com,Gold\nguest2@example.com,Gold\n")
        TierMembership.objects.filter(member__email="guest1@example.com").update(is_locked=False)
        importer.undo(done)
        assert (self.tier(0), self.tier(2)) == (("Silver", False), ("Base", False))


class TestAHistory:
    TEXT = (
        "email,date,points,reason\nguest0@example.com,2025-03-01,-40,Voucher\nguest0@example.com,2025-01-01,100,Order 1\n"
        "guest0@example.com,2025-05-01,-90,Voucher\nguest1@example.com,2025-02-01,7,Review\n"
    )

    def test_is_entered_in_the_order_of_its_days_and_nobody_falls_below_nothing(self, importer):
        previewed = importer.preview(self.TEXT)
        assert (previewed.kind, previewed.totals["added"], previewed.totals["taken"]) == ("history", 107, 100)
        assert [row.delta for row in importer.rows(previewed)] == [-40, 100, -60, 7]
        importer.start(previewed)
        entries = Entry.objects.filter(account__member__email="guest0@example.com").order_by("sequence")
        assert [(each.points, each.balance_after, each.details["reason"]) for each in entries] == [
            (100, 100, "Order 1"), (-40, 60, "Voucher"), (-60, 0, "Voucher"),
        ]  # fmt: skip
        assert [each.effective_at.date().isoformat() for each in entries] == ["2025-01-01", "2025-03-01", "2025-05-01"]
        assert (balance("guest0@example.com"), balance("guest1@example.com")) == ((0, 100), (7, 7))

    def test_is_taken_back_as_a_whole(self, importer):
        done = importer.undo(importer.run(self.TEXT))
        assert (done.state, balance("guest0@example.com"), balance("guest1@example.com")) == ("undone", (0, 0), (0, 0))


class TestOnceAndOnlyOnce:
    TEXT = "email,points\n" + "".join(f"guest{n}@example.com,{n + 1}\n" for n in range(5))

    def test_a_worker_that_dies_amid_a_step_is_succeeded_and_no_row_is_done_twice(self, importer):
        two_at_once = work_of({"running": partial(run_some, limit=2)})
        previewed = importer.preview(self.TEXT)
        operations.start(import_id=previewed.pk, actor="ada", now=importer.now)
        steps = iter(range(10))

        def dies(program, cursor, now):
            step = two_at_once(program, cursor, now)
            if next(steps) == 1:
                raise KeyboardInterrupt  # after its step was committed, before the run has heard of it
            return step

        with pytest.raises(KeyboardInterrupt):
            run(name=RUN, programs=at_work(), work=dies, clock=lambda: importer.now)
        assert Entry.objects.count() == 4
        importer.now += timedelta(minutes=5)
        done = importer.work(previewed)
        assert (done.state, done.counts["entries"], Entry.objects.count()) == ("done", 5, 5)
        assert sorted(Account.objects.values_list("available", flat=True)) == [1, 2, 3, 4, 5]

    def test_a_second_press_changes_nothing(self, importer):
        done = importer.run(self.TEXT)
        entries = Entry.objects.count()
        importer.start(done)
        assert Entry.objects.count() == entries
        importer.undo(done)
        entries = Entry.objects.count()
        assert importer.undo(done).state == "undone"
        assert Entry.objects.count() == entries

    def test_what_was_run_cannot_be_matched_anew_or_thrown_away(self, importer):
        done = importer.run(self.TEXT)
        for call in (
            lambda: importer.match(done, columns={"email": 0}),
            lambda: operations.discard(import_id=done.pk),
        ):
            with pytest.raises(WrongMoment):
                call()
        assert Import.objects.get().state == "done"

    def test_a_fault_stops_the_import_until_somebody_says_go_on(self, importer):
        previewed = importer.preview(self.TEXT)
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE ledger_entry ADD CONSTRAINT broken CHECK (points <> 3)")
        stopped = importer.start(previewed)
        assert (stopped.state, Entry.objects.count()) == ("running", 0)
        assert "broken" in stopped.error
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE ledger_entry DROP CONSTRAINT broken")
        operations.go_on(import_id=stopped.pk)
        assert importer.work(stopped).state == "done"
        assert Entry.objects.count() == 5
