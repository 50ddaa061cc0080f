"""Emails keep to the pace of the mail server, which all shops share."""

import pytest

from loyalty.events import EventKind
from loyalty.outbox.models import Delivery
from loyalty.outbox.ports import Done, Waits
from tests.mailbox import go_round, switch_on
from tests.operations.loyalty.test_emails import ada, mailbox, tell  # noqa: F401  # its fixtures

pytestmark = pytest.mark.django_db


class TestTheMailServer:
    def test_gets_no_more_than_its_pace_and_what_waits_uses_no_attempt_up(self, shop, ada, mailbox, settings):  # noqa: F811  # fixtures
        settings.ENCORE_EMAILS_PER_SECOND = 1
        switch_on(shop, "points_earned")
        for number in range(12):
            tell(shop, ada, EventKind.POINTS_EARNED, points=number + 1, source="manual")
        outcomes = {type(each) for each in go_round()}
        waiting = Delivery.objects.filter(destination="email:points_earned", state="pending")
        assert outcomes == {Done, Waits}
        assert len(mailbox.mails()) + waiting.count() == 12
        assert {each.attempts for each in waiting} == {0}
