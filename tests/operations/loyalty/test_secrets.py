"""API keys and stored secrets: what the database holds opens nothing."""

from datetime import timedelta

import pytest
from cryptography.fernet import InvalidToken
from django.db import connection
from django.utils import timezone

from loyalty.errors import InvalidField, NotFound
from loyalty.integrations.models import Connection
from loyalty.integrations.webhooks import operations as webhooks
from loyalty.integrations.webhooks.models import WebhookSubscription
from loyalty.programs.models import ApiKey
from loyalty.programs.operations import create_api_key, note_use, revoke_api_key
from loyalty.programs.queries import key_for
from tests.a_shop import NOW

PLAIN = "pk_a-plain-secret-that-nobody-may-read"


def stored(table):
    """Every column of a table as the database has it, as text."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT t::text FROM {table} t")
        return "\n".join(row[0] for row in cursor.fetchall())


class TestAnApiKey:
    @pytest.fixture
    def made(self, shop):
        return create_api_key(program=shop.program, name="Till", scope="full", now=NOW)

    def test_is_stored_as_its_hash_and_public_beginning_only(self, made):
        key, whole = made
        assert whole.startswith(key.prefix + "_")
        assert len(whole) >= 44
        assert whole not in stored("programs_apikey")
        assert whole.removeprefix(key.prefix + "_") not in stored("programs_apikey")

    def test_opens_its_own_programme(self, shop, made):
        found = key_for(secret=made[1].encode(), now=NOW)
        assert found is not None
        assert found.program == shop.program

    @pytest.mark.parametrize(
        "changed",
        [
            lambda whole: whole[:-1], lambda whole: whole + "x", lambda whole: whole[:-1] + "!", lambda whole: whole[:12],
            lambda whole: whole[:13] + "2" * 31, lambda whole: "", lambda whole: "enc_", lambda whole: whole.upper(),
            lambda whole: whole.replace("enc_", "xyz_"), lambda whole: "enc_\x00" + whole[5:], lambda whole: "é" + whole,
        ],
    )  # fmt: skip
    def test_opens_nothing_when_one_character_is_wrong(self, made, changed):
        assert key_for(secret=changed(made[1]).encode(), now=NOW) is None

    def test_opens_nothing_with_bytes_that_are_no_text(self, made):
        assert key_for(secret=b"\xff\xfe", now=NOW) is None
        assert key_for(secret=made[1].encode() + b"\xff", now=NOW) is None

    def test_opens_nothing_once_revoked_and_revoking_again_keeps_the_first_moment(self, made):
        key, whole = made
        revoke_api_key(key_id=key.pk, now=NOW)
        assert key_for(secret=whole.encode(), now=NOW) is None
        assert revoke_api_key(key_id=key.pk, now=NOW + timedelta(days=1)).revoked_at == NOW

    def test_opens_nothing_from_the_instant_of_its_end(self, made):
        key, whole = made
        ApiKey.objects.filter(pk=key.pk).update(expires_at=NOW)
        assert key_for(secret=whole.encode(), now=NOW - timedelta(seconds=1)) is not None
        assert key_for(secret=whole.encode(), now=NOW) is None

    def test_notes_its_use_to_the_minute(self, made):
        key = made[0]
        for seconds, noted in ((0, 0), (59, 0), (60, 60)):
            key.refresh_from_db()
            note_use(key=key, now=NOW + timedelta(seconds=seconds))
            key.refresh_from_db()
            assert key.last_used_at == NOW + timedelta(seconds=noted)

    def test_without_a_name_or_with_an_unknown_scope_is_refused(self, shop):
        for name, scope in (("  ", "full"), ("Till", "admin")):
            with pytest.raises(InvalidField):
                create_api_key(program=shop.program, name=name, scope=scope, now=NOW)
        assert ApiKey.objects.count() == 0

    def test_of_nobody_cannot_be_revoked(self, shop):
        with pytest.raises(NotFound):
            revoke_api_key(key_id=999_999, now=NOW)


class TestAnEncryptedColumn:
    @pytest.fixture
    def connected(self, shop):
        return Connection.objects.create(
            program=shop.program, vendor="klaviyo", credential=PLAIN, connected_at=NOW, updated_at=NOW
        )

    def test_holds_no_plain_text(self, connected):
        assert PLAIN not in stored("integrations_connection")
        assert Connection.objects.get().credential == PLAIN

    def test_differs_each_time_the_same_text_is_stored(self, connected):
        first = stored("integrations_connection")
        connected.save()
        assert stored("integrations_connection") != first

    def test_cannot_be_searched(self, connected):
        with pytest.raises(TypeError, match="cannot be searched"):
            Connection.objects.filter(credential=PLAIN).exists()
        assert Connection.objects.filter(credential__isnull=False).count() == 1

    def test_is_read_with_the_old_key_while_a_new_one_writes(self, connected, settings):
        old = settings.ENCORE_SECRET_KEYS
        settings.ENCORE_SECRET_KEYS = ["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", *old]
        assert Connection.objects.get().credential == PLAIN
        Connection.objects.get().save()
        settings.ENCORE_SECRET_KEYS = old
        with pytest.raises(InvalidToken):
            Connection.objects.get()

    def test_fails_closed_with_a_wrong_key(self, connected, settings):
        settings.ENCORE_SECRET_KEYS = ["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]
        with pytest.raises(InvalidToken):
            Connection.objects.get()


class TestASubscriptionsSecret:
    @pytest.fixture
    def made(self, shop):
        return webhooks.create_subscription(
            program=shop.program, url="https://x.example/h", events=["points.earned"], description=None, now=NOW
        )

    def test_is_shown_once_and_stored_encrypted(self, made):
        _, secret = made
        assert len(secret) == 64
        assert secret not in stored("webhook_subscriptions_webhooksubscription")

    def test_is_replaced_at_once_by_a_rotation(self, made):
        subscription, first = made
        _, second = webhooks.rotate_secret(public_id=subscription.public_id, now=timezone.now())
        assert second != first
        assert WebhookSubscription.objects.get().secret == second

    def test_stays_through_a_change(self, made):
        subscription, secret = made
        webhooks.change_subscription(public_id=subscription.public_id, changes={"is_active": False}, now=NOW)
        kept = WebhookSubscription.objects.get()
        assert (kept.secret, kept.is_active, kept.url) == (secret, False, "https://x.example/h")


class TestASubscription:
    @pytest.mark.parametrize(
        "url",
        [
            "http://x.example/h", "https://localhost/h", "https://x.example:8443/h", "https://u:p@x.example/h",
            "https://x.example/h#f", "https://intern/h", "ftp://x.example/h", "https://", "x.example", "", None, 5,
            "https://x.example/" + "h" * 2048, "https://x.exa mple/h", "https://ä.example/h", "https://x.example:port/h",
            "https://app.localhost/h",
        ],
        ids=lambda url: str(url)[:40],
    )  # fmt: skip
    def test_is_for_a_public_https_address(self, shop, settings, url):
        settings.LOYALTY_ALLOW_LOCAL_WEBHOOK_TARGETS = False
        with pytest.raises(InvalidField) as refusal:
            webhooks.create_subscription(
                program=shop.program, url=url, events=["points.earned"], description=None, now=NOW
            )
        assert refusal.value.field == "url"
        assert WebhookSubscription.objects.count() == 0

    @pytest.mark.parametrize("events", [[], None, "points.earned", ["points.earned", "nope"], [5], {"a": 1}])
    def test_hears_known_events_only_even_among_valid_ones(self, shop, events):
        with pytest.raises(InvalidField):
            webhooks.create_subscription(
                program=shop.program, url="https://x.example/h", events=events, description=None, now=NOW
            )
        assert WebhookSubscription.objects.count() == 0

    def test_is_one_of_fifty_at_most(self, shop):
        arguments = {"program": shop.program, "events": ["points.earned"], "description": None, "now": NOW}
        for number in range(50):
            webhooks.create_subscription(url=f"https://x.example/{number}", **arguments)
        with pytest.raises(webhooks.TooManySubscriptions):
            webhooks.create_subscription(url="https://x.example/51", **arguments)

    def test_that_nobody_has_is_not_found(self, shop):
        for call in (
            lambda: webhooks.delete_subscription(public_id="whsub_x"),
            lambda: webhooks.rotate_secret(public_id="whsub_x", now=NOW),
            lambda: webhooks.change_subscription(public_id="whsub_x", changes={}, now=NOW),
        ):
            with pytest.raises(webhooks.SubscriptionNotFound):
                call()
