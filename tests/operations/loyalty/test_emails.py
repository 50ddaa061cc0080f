"""Emails to customers: one mail to the right one, and everybody who is not to get it left out with a reason."""

from datetime import timedelta

import pytest

from loyalty.emails import operations, queries
from loyalty.emails.operations import NoMailServer
from loyalty.errors import InvalidField
from loyalty.events import EventKind
from loyalty.members.models import Member
from loyalty.members.operations import choose_emails
from loyalty.outbox import relay
from loyalty.outbox.models import Delivery
from loyalty.outbox.operations import append, send_again
from loyalty.outbox.ports import Dead, Done, Paused, Retry, Unknown, Waits
from loyalty.programs.operations import change_languages
from tests.a_shop import NOW
from tests.mailbox import Mailbox, go_round, headers, rows, switch_on

ADA = "ada@example.com"


@pytest.fixture
def mailbox(sandbox, settings):
    return Mailbox(sandbox, settings)


@pytest.fixture
def ada(shop, mailbox):
    shop.action(points=1250)
    member = shop.member(7001, email=ADA)
    go_round()
    return member


def tell(shop, member, kind, **payload):
    append(program_id=shop.program.pk, kind=kind, member_id=member.pk, payload=payload, now=NOW)


class TestAnAward:
    def test_is_one_mail_with_the_points_and_the_balance(self, shop, ada, mailbox):
        switch_on(shop, "points_earned")
        shop.award()
        assert [type(each) for each in go_round()] == [Done]
        (mail,) = mailbox.mails()
        assert (mail["recipients"], mail["sender"]) == ([ADA], "loyalty@encore.example")
        assert mail["subject"] == "1,250 points for you"
        assert "Hello Ada," in mail["text"]
        assert "Your balance is 1,250 points" in mail["text"]
        assert "1,250 points" in mail["html"]
        assert go_round() == []
        assert len(mailbox.mails()) == 1

    def test_carries_what_mail_programs_look_for(self, shop, ada, mailbox):
        switch_on(shop, "points_earned")
        shop.award()
        go_round()
        told = headers(mailbox.mails()[0])
        event = Delivery.objects.get(destination="email:points_earned").event_id
        assert told["Message-ID"] == f"<{event}.points_earned@127.0.0.1>"
        assert told["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert told["List-Unsubscribe"].strip(" <>") in mailbox.mails()[0]["text"]
        assert told["Auto-Submitted"] == "auto-generated"

    def test_sends_nothing_as_long_as_nothing_is_on(self, shop, ada, mailbox):
        shop.award()
        go_round()
        assert (mailbox.mails(), rows()) == ([], [])

    def test_that_had_to_wait_is_told_of_when_it_is_approved(self, shop, ada, mailbox):
        switch_on(shop, "points_earned", "points_approved")
        tell(shop, ada, EventKind.POINTS_EARNED, points=40, was_pending=True, source="earning_rule", rule_name="Order")
        go_round()
        assert [mail["subject"] for mail in mailbox.mails()] == ["Your 40 points can be spent now"]

    def test_that_announces_nothing_sends_nothing(self, shop, ada, mailbox):
        """As imports and opening balances."""
        switch_on(shop)
        shop.give(ada, 500)
        go_round()
        assert (mailbox.mails(), rows()) == ([], [])


class TestEachKind:
    def test_is_sent_in_its_case_and_no_other(self, shop, ada, mailbox):
        switch_on(shop)
        tell(shop, ada, EventKind.TIER_CHANGED, new_tier="Gold", previous_tier="Silver", direction="up")
        tell(shop, ada, EventKind.TIER_CHANGED, new_tier="Silver", previous_tier="Gold", direction="down")
        tell(shop, ada, EventKind.POINTS_EARNED, points=500, source="referral")
        tell(shop, ada, EventKind.REFERRAL_COMPLETED, points=500)
        tell(shop, ada, EventKind.REWARD_ISSUED, reward_name="$5 off", discount_code="TEA-1", points=0)
        tell(shop, ada, EventKind.POINTS_EXPIRING, points=30, expires_at=(NOW + timedelta(days=5)).isoformat())
        go_round()
        assert sorted(mail["subject"] for mail in mailbox.mails()) == [
            "30 of your points end soon", "Thank you for bringing a friend", "Welcome to Gold", "Your reward: $5 off",
        ]  # fmt: skip
        reward = next(mail for mail in mailbox.mails() if "reward" in mail["subject"])
        assert "Your code: TEA-1" in reward["text"]

    def test_of_points_that_have_ended_meanwhile_is_too_late(self, shop, ada, mailbox):
        switch_on(shop, "points_expiring")
        tell(shop, ada, EventKind.POINTS_EXPIRING, points=30, expires_at=(NOW - timedelta(hours=1)).isoformat())
        go_round()
        assert (mailbox.mails(), rows()) == ([], [("skipped", "Too late: the points have ended")])


class TestLanguage:
    def test_is_the_members_own_where_the_programme_has_it(self, shop, ada, mailbox):
        switch_on(shop, "points_earned")
        Member.objects.update(locale="de-AT")
        shop.award()
        go_round()
        change_languages(program_id=shop.program.pk, main="en", further=["de"], now=NOW)
        shop.award()
        go_round()
        assert [mail["subject"] for mail in mailbox.mails()] == ["1,250 points for you", "1.250 Punkte für Sie"]

    def test_a_merchants_text_holds_for_its_language_alone(self, shop, ada, mailbox):
        switch_on(shop, "points_earned")
        own = {"subject": "Hurrah {{ first_name }}", "body": "{{ points }}!"}
        operations.save_text(program=shop.program, kind="points_earned", language="en", now=NOW, **own)
        shop.award()
        go_round()
        assert mailbox.mails()[0]["subject"] == "Hurrah Ada"
        assert "1,250!" in mailbox.mails()[0]["text"]
        operations.back_to_ours(kind="points_earned", language="en")
        shop.award()
        go_round()
        assert mailbox.mails()[1]["subject"] == "1,250 points for you"


class TestWhoIsLeftOut:
    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"emails_stopped_at": NOW}, "unsubscribed: the member wants no emails"),
            ({"status": "excluded"}, "excluded: the member takes no part"),
            ({"email": None}, "no_email: the member has no e-mail address"),
            ({"redacted_at": NOW}, "The member is gone"),
        ],
    )
    def test_is_skipped_with_the_reason(self, shop, ada, mailbox, change, reason):
        switch_on(shop, "points_earned")
        tell(shop, ada, EventKind.POINTS_EARNED, points=40, source="manual")
        Member.objects.update(**change)
        go_round()
        assert (mailbox.mails(), rows()) == ([], [("skipped", reason)])

    def test_and_who_was_merged_away(self, shop, ada, mailbox):
        switch_on(shop, "points_earned")
        tell(shop, ada, EventKind.POINTS_EARNED, points=40, source="manual")
        Member.objects.filter(pk=ada.pk).update(merged_into=shop.member(7002))
        go_round()
        assert (mailbox.mails(), rows()) == ([], [("skipped", "The member is gone")])

    def test_who_is_not_listed_while_only_listed_members_take_part(self, shop, ada, mailbox):
        switch_on(shop, "points_earned")
        tell(shop, ada, EventKind.POINTS_EARNED, points=40, source="manual")
        shop.test_mode("restrict", shop.member(7002))
        go_round()
        assert (mailbox.mails(), rows()) == ([], [("skipped", "Test mode keeps this member's news inside")])

    def test_a_test_of_shadow_mode(self, shop, ada, mailbox):
        switch_on(shop, "points_earned")
        shop.test_mode("shadow", ada)
        shop.award()
        go_round()
        assert (mailbox.mails(), rows()) == ([], [("skipped", relay.KEPT_INSIDE)])
        shop.test_mode("off")

    def test_everybody_once_the_shop_has_left(self, shop, ada, mailbox):
        switch_on(shop, "points_earned")
        tell(shop, ada, EventKind.POINTS_EARNED, points=40, source="manual")
        shop.set(is_installed=False)
        go_round()
        assert (mailbox.mails(), rows()) == ([], [("skipped", "The shop has uninstalled Encore")])

    def test_everybody_once_it_is_off_again(self, shop, ada, mailbox):
        switch_on(shop, "points_earned")
        tell(shop, ada, EventKind.POINTS_EARNED, points=40, source="manual")
        relay.fan_out(now=NOW)
        operations.switch(program=shop.program, kind="points_earned", is_on=False, now=NOW)
        go_round()
        assert (mailbox.mails(), rows()) == ([], [("skipped", "This email is switched off")])

    def test_who_counts_is_said_beforehand(self, shop, ada):
        assert queries.reach(shop.program) == 1
        choose_emails(member_id=ada.pk, wants=False, now=NOW)
        assert (queries.reach(shop.program), queries.unsubscribed()) == (0, 1)


class TestTheMailServer:
    @pytest.fixture
    def told(self, shop, ada, mailbox):
        switch_on(shop, "points_earned")
        tell(shop, ada, EventKind.POINTS_EARNED, points=40, source="manual")
        yield mailbox
        mailbox.forget()

    @pytest.mark.parametrize(
        ("fault", "answer", "outcome", "state"),
        [
            ("refuse_recipient", "550 5.1.1 No such user", Dead, "dead"),
            ("refuse_data", "554 5.7.1 Looks like spam", Dead, "dead"),
            ("refuse_sender", "550 5.7.1 Not your domain", Dead, "dead"),
            ("refuse_recipient", "450 4.2.1 Greylisted", Retry, "pending"),
            ("refuse_data", "451 4.3.0 Try later", Retry, "pending"),
            ("refuse_sender", "421 4.3.2 Closing", Waits, "pending"),
            ("refuse_sender", "452 4.3.1 Full", Waits, "pending"),
        ],
    )
    def test_says_why_not(self, told, fault, answer, outcome, state):
        told.faults(**{fault: answer})
        assert [type(each) for each in go_round()] == [outcome]
        ((found, sentence),) = rows()
        assert found == state
        assert answer.partition(" ")[2] in sentence
        assert told.mails() == []

    def test_that_is_away_makes_it_wait_without_using_an_attempt_up(self, told):
        told.faults(drop_before=1)
        assert [type(each) for each in go_round()] == [Waits]
        assert Delivery.objects.get(destination="email:points_earned").attempts == 0
        go_round(now=NOW + timedelta(minutes=2))
        assert len(told.mails()) == 1

    def test_that_was_never_heard_again_may_have_it_and_nothing_is_repeated(self, told):
        told.faults(drop_after=1)
        assert [type(each) for each in go_round()] == [Unknown]
        assert go_round(now=NOW + timedelta(days=2)) == []
        assert len(told.mails()) == 1
        assert rows()[0][0] == "unknown"

    def test_a_worker_that_died_leaves_it_to_a_person(self, told):
        relay.fan_out(now=NOW)
        assert relay.claim(destination="email:points_earned", now=NOW)
        relay.recover_leases(now=NOW + timedelta(minutes=5))
        assert (told.mails(), rows()[0][0]) == ([], "unknown")

    def test_a_person_sends_it_again_under_the_same_id(self, told):
        told.faults(drop_after=1)
        go_round()
        send_again(delivery_id=Delivery.objects.get(destination="email:points_earned").pk, now=NOW)
        go_round()
        assert len({headers(mail)["Message-ID"] for mail in told.mails()}) == 1
        assert (len(told.mails()), rows()) == (2, [("done", "")])

    def test_there_is_none_then_nothing_gathers(self, told, settings):
        settings.ENCORE_SENDS_EMAIL = False
        assert go_round() == []
        assert (told.mails(), rows()) == ([], [])


class TestSettingUp:
    def test_without_a_mail_server_nothing_goes_on(self, shop, settings):
        settings.ENCORE_SENDS_EMAIL = False
        with pytest.raises(NoMailServer), shop.nothing_changes():
            operations.switch(program=shop.program, kind="points_earned", is_on=True, now=NOW)
        assert queries.kinds_on() == []

    @pytest.mark.parametrize(
        "wrong", [{"sender_name": "Tea\nBcc: x"}, {"from_address": "nobody"}, {"reply_to": "a@b\nBcc: c@d.example"}]
    )
    def test_a_sender_that_could_do_harm_is_refused(self, shop, wrong):
        given = {"sender_name": "Tea", "from_address": "", "reply_to": "", **wrong}
        with pytest.raises(InvalidField) as refused:
            operations.change_sender(program=shop.program, now=NOW, **given)
        assert refused.value.field == next(iter(wrong))
        assert queries.settings_of(shop.program).sender_name == ""

    def test_our_own_text_saved_unchanged_stays_ours(self, shop):
        ours = queries.our_wording(operations.kind_named("points_earned"), "en")
        operations.save_text(
            program=shop.program, kind="points_earned", language="en", subject=ours.subject, body=ours.body, now=NOW
        )
        assert queries.own_texts() == {}

    def test_a_test_says_that_it_is_one_and_leaves_no_trace(self, shop, mailbox):
        kind = operations.kind_named("reward_issued")
        wording = queries.our_wording(kind, "de")
        operations.send_test(program=shop.program, kind=kind.slug, wording=wording, to="me@example.com", now=NOW)
        (mail,) = mailbox.mails()
        assert (mail["recipients"], mail["subject"]) == (["me@example.com"], "[Test] Ihre Prämie: 5 off")
        assert rows() == []

    def test_a_password_that_is_refused_waits_for_somebody(self, shop, ada, mailbox, settings):
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "me", "wrong"
        switch_on(shop, "points_earned")
        tell(shop, ada, EventKind.POINTS_EARNED, points=40, source="manual")
        assert [type(each) for each in go_round()] == [Paused]
        assert mailbox.mails() == []
        assert rows()[0][0] == "pending"
