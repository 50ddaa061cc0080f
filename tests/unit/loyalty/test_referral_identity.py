"""Whether two people may be one: addresses, numbers and places in the form in which they are compared."""

import pytest

from loyalty.referrals.identity import address_key, email_key, network_of, phone_key
from loyalty.referrals.ports import Person


class TestAddresses:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Ada@Example.com", " ada@example.com "),
            ("ada+shop@example.com", "ada@example.com"),
            ("a.d.a@gmail.com", "ada+x@googlemail.com"),
            ("ａｄａ@example.com", "ada@example.com"),
        ],
    )
    def test_that_reach_the_same_mailbox_are_one(self, one, other):
        assert email_key(one) == email_key(other)

    @pytest.mark.parametrize(
        ("one", "other"),
        [("a.da@example.com", "ada@example.com"), ("ada@example.com", "ada@example.org"), ("+a@x.com", "+b@x.com")],
    )
    def test_that_may_be_two_are_two(self, one, other):
        assert email_key(one) != email_key(other)


class TestNumbers:
    def test_are_compared_by_their_digits(self):
        assert phone_key("+1 (555) 123-4567") == phone_key("15551234567") == phone_key("0015551234567")

    @pytest.mark.parametrize("text", [None, "", "112", "n/a"])
    def test_too_short_to_be_one_tell_nothing(self, text):
        assert phone_key(text) is None


class TestPlaces:
    def test_are_compared_by_letters_and_digits(self):
        assert address_key("12 Öak St.", "10 115", "DE") == address_key("12 oak st", "10115", "de")

    @pytest.mark.parametrize("place", [(None, "1", "DE"), ("Street", None, "DE"), ("", "", "")])
    def test_that_are_not_whole_tell_nothing(self, place):
        assert address_key(*place) is None


class TestNetworks:
    @pytest.mark.parametrize(
        ("address", "network"),
        [
            ("8.8.8.8", "8.8.8.8"),
            ("::ffff:8.8.8.8", "8.8.8.8"),
            ("2606:4700:1:2:3:4:5:6", "2606:4700:1:2::/64"),
            ("10.0.0.1", None),
            ("127.0.0.1", None),
            ("100.64.0.1", None),
            ("no address", None),
            (None, None),
        ],
    )
    def test_are_what_a_household_has(self, address, network):
        assert network_of(address) == network


class TestTwoPeople:
    def person(self, number: int, **more) -> Person:
        return Person(**{"shopify_customer_id": number, "email": None, "phone": None, "orders": 0, **more})

    def test_without_anything_to_compare_are_two(self):
        assert not self.person(1).is_same_as(self.person(2))
        assert not self.person(1).lives_with(self.person(2))

    def test_with_one_number_or_one_mailbox_are_one(self):
        assert self.person(1, phone="+15551234567").is_same_as(self.person(2, phone="1 555 1234567"))
        assert self.person(1, email="ada+x@x.com").is_same_as(self.person(2, email="ADA@x.com"))
        assert self.person(1).is_same_as(self.person(1))
