"""Exports: the file holds what the list shows, byte for byte as RFC 4180 has it, and nothing that acts in a spreadsheet."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from loyalty.earning.operations import adjust_points, set_excluded
from loyalty.members.models import Member
from loyalty.tiers.models import TierMembership
from shopify_app.dashboard.exporting import CHUNK, defused
from shopify_app.dashboard.exports import SALT
from shopify_app.dashboard.operations import set_login
from tests.a_shop import NOW, AShop

pytestmark = pytest.mark.django_db
ACTIVITY_COLUMNS = (
    "entry_id,at,kind,points,balance_after,rule,reward,note,by,door,shopify_customer_id,email,name,pending_until,"
    "spendable_since,is_test"
)


@pytest.fixture
def shop(db):
    made = AShop.new(time_zone="America/New_York")
    set_login(program=made.program, username="ada", password="ada")
    with made.scope():
        anna = made.member(7001, points=500, email="anna@x.example")
        Member.objects.filter(pk=anna.pk).update(
            first_name='=HYPERLINK("http://x")', last_name='Ström, "A"', date_of_birth=date(1990, 5, 3), referral_code="ANNASCOD"
        )  # fmt: skip
        gold = made.tier("Gold", 1_000_000)
        bob = made.member(7002, email="bob@x.example", now=NOW + timedelta(minutes=1))
        set_excluded(member_id=bob.pk, excluded=True, now=NOW)
        TierMembership.objects.all().delete()
        TierMembership.objects.create(program=made.program, member=anna, tier=gold, reached_at=NOW)
        other = AShop.new()
        other.member(7009, points=9, email="other@x.example")
        yield made
        made.assert_sound()


@pytest.fixture
def staff(shop):
    client = Client()
    client.login(username="ada", password="ada")
    return client


def ordered(staff, name, **said):
    """The address that a press of the button leads to."""
    answer = staff.post(f"/standalone/exports/{name}", said)
    assert answer.status_code == 302
    return answer["Location"]


def downloaded(staff, name, **said):
    """The bytes, fetched by a browser that shows nothing but the address."""
    answer = Client().get(ordered(staff, name, **said))
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def rows(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


class TestMembers:
    def test_are_exported_to_the_byte(self, shop, staff):
        anna, bob = Member.objects.order_by("pk")
        expected = (
            "shopify_customer_id,email,first_name,last_name,current_points,pending_points,debt_points,lifetime_points,tier,"
            "loyalty_status,date_of_birth,referral_code,joined_at,is_testing\r\n"
            f"7002,bob@x.example,Ada,Lovelace,0,0,0,0,,excluded,,{bob.referral_code},2026-03-01T07:01:00-05:00,false\r\n"
            '7001,anna@x.example,"\'=HYPERLINK(""http://x"")","Ström, ""A""",500,0,0,500,Gold,member,1990-05-03,'
            f"{anna.referral_code},2026-03-01T07:00:00-05:00,false\r\n"
        )
        assert downloaded(staff, "members") == b"\xef\xbb\xbf" + expected.encode()

    @pytest.mark.parametrize(
        ("said", "expected"),
        [
            ({}, ["7002", "7001"]),
            ({"status": "excluded"}, ["7002"]),
            ({"q": "anna", "min": "1"}, ["7001"]),
            ({"sort": "balance"}, ["7001", "7002"]),
            ({"q": "nobody"}, []),
            ({"page": "2"}, ["7002", "7001"]),
        ],
    )
    def test_are_those_the_filter_shows(self, staff, said, expected):
        assert [row[0] for row in rows(downloaded(staff, "members", **said))[1:]] == expected

    def test_come_whole_over_several_pieces(self, shop, staff):
        number = 2 * CHUNK + 1
        Member.objects.bulk_create(
            Member(
                program=shop.program, shopify_customer_id=100_000 + each, referral_code=f"many{each}", enrolled_at=NOW,
                created_at=NOW, updated_at=NOW,
            )
            for each in range(number)
        )  # fmt: skip
        answer = Client().get(ordered(staff, "members"))
        pieces = list(answer.streaming_content)
        assert len(pieces) == 4
        assert len({row[0] for row in rows(b"".join(pieces))[1:]}) == number + 2

    def test_are_a_download_with_the_shops_day(self, shop, staff):
        answer = Client().get(ordered(staff, "members"))
        today = timezone.now().astimezone(shop.program.zone).date().isoformat()
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        assert answer["Content-Disposition"] == f'attachment; filename="members-{today}.csv"'
        assert answer["Cache-Control"] == "no-store"


class TestActivity:
    def test_is_exported_with_by_whom_and_when(self, shop, staff):
        anna = Member.objects.get(shopify_customer_id=7001)
        Member.objects.filter(pk=anna.pk).update(first_name="Anna", last_name="Ström")
        adjust_points(member=anna, points=-20, source="staff", now=NOW, note="@SUM(1)\r\n+2", actor="ada")
        data = downloaded(staff, "activity", kind="adjustment")
        head, line = rows(data)
        assert ",".join(head) == ACTIVITY_COLUMNS
        assert dict(zip(head[1:], line[1:], strict=True)) == {
            "at": "2026-03-01T07:00:00-05:00", "kind": "adjustment", "points": "-20", "balance_after": "480", "rule": "",
            "reward": "", "note": "'@SUM(1)\r\n+2", "by": "ada", "door": "staff", "shopify_customer_id": "7001",
            "email": "anna@x.example", "name": "Anna Ström", "pending_until": "", "spendable_since": "", "is_test": "false",
        }  # fmt: skip

    def test_of_a_pending_award_says_until_when(self, shop, staff):
        shop.action("slow", 30, approval_days=9)
        shop.award(action="slow")
        (line,) = rows(downloaded(staff, "activity", kind="pending"))[1:]
        assert line[-3] == "2026-03-10T08:00:00-04:00"  # nine days of 24 hours: the clocks went forward

    def test_of_another_shop_is_never_in_it(self, staff):
        assert b"other@x.example" not in downloaded(staff, "activity") + downloaded(staff, "members")


class TestAFormula:
    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
    def test_is_put_behind_a_quote(self, text):
        assert defused(text) == f"'{text}"

    @pytest.mark.parametrize("text", ["", "Ada", "a=b", "ada@example.com", "'=1", "1-2"])
    def test_is_not_seen_in_anything_else(self, text):
        assert defused(text) == text


class TestTheAddress:
    def test_opens_nothing_when_it_is_made_up_or_signed_for_something_else(self, shop):
        order = {"list": "members", "program": shop.program.pk, "by": "ada", "query": {}}
        for token in (
            "made-up",
            signing.dumps(order),
            signing.dumps(order, salt=f"{SALT}s"),
            signing.dumps(order)[:-1],
        ):
            answer = Client().get(f"/exports/{token}")
            assert answer.status_code == 403
            assert b"shopify_customer_id" not in answer.content

    def test_opens_for_a_minute(self, shop, staff, monkeypatch):
        to = ordered(staff, "members")
        later = timezone.now().timestamp() + 61
        monkeypatch.setattr("django.core.signing.time.time", lambda: later)
        answer = Client().get(to)
        assert answer.status_code == 403
        assert b"run out" in answer.content

    def test_is_for_the_shop_of_who_asked_whatever_is_posted(self, shop, staff):
        data = downloaded(staff, "members", program="1", list="activity")
        assert [row[0] for row in rows(data)] == ["shopify_customer_id", "7002", "7001"]

    def test_is_told_to_the_frame_as_a_place_to_go(self, sandbox, installed_shop):
        token = sandbox.id_token(installed_shop.domain)
        answer = Client(enforce_csrf_checks=True).post(
            "/app/exports/members", {"status": "member"}, headers={"Authorization": f"Bearer {token}", "HX-Request": "true"}
        )  # fmt: skip
        assert answer.status_code == 200
        file = Client().get(answer["HX-Redirect"])
        assert b"".join(file.streaming_content).startswith(b"\xef\xbb\xbfshopify_customer_id,")

    def test_is_there_for_lists_that_exist_only(self, staff):
        assert staff.post("/standalone/exports/keys").status_code == 404
        assert staff.get("/standalone/exports/members").status_code == 405
