"""A member reads the storefront in German; what is stored and told to others stays English."""

import pytest

from loyalty.members.models import Member

pytestmark = pytest.mark.django_db


def test_a_german_member_reads_german_and_what_is_stored_stays_english(referring):
    referring.set(languages=["en", "de"])
    referring.referral_rule()
    advocate = referring.advocate()
    Member.objects.update(locale="de-AT")
    assert "Freunde werben" in referring.visit(customer=7001).content.decode()
    assert "Refer a friend" in referring.visit().content.decode()
    referring.set(languages=["de"])
    assert "lädt Sie ein" in referring.visit(referral_code=advocate.referral_code).content.decode()
