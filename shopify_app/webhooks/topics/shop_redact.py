"""`shop/redact`, 48 hours after an uninstall: forget every customer of the shop, its secrets, and what it told us.

As reliability.md 12 has it: members become tombstones, so that the ledger's sums still hold, and then the settings go.
"""

from django.utils import timezone
from django_scopes import scope

from loyalty.api import calls
from loyalty.credits.operations import forget_reasons
from loyalty.earning.operations import forget_everyone
from loyalty.emails.operations import forget_emails
from loyalty.imports import operations as imports
from loyalty.integrations.operations import forget_connections
from loyalty.integrations.webhooks.operations import delete_subscription
from loyalty.integrations.webhooks.queries import subscriptions
from loyalty.orders import operations as orders
from loyalty.programs.operations import forget_settings
from loyalty.referrals.operations import forget_all_friends
from loyalty.rewards.operations import forget_purchases
from shopify_app.display.operations import forget_display
from shopify_app.webhooks.models import PersonalDataRequest, ReceivedWebhook
from shopify_app.webhooks.topics.delivery import Delivery, Ignored


def handle(delivery: Delivery) -> None:
    """Redact all members, delete API keys, webhook subscriptions, connections, emails and stored bodies. Replay: finds nothing.

    Raises:
        Ignored: unknown shop, or it has installed Encore again: its merchant still needs the data.
    """
    shop, now = delivery.shop(), timezone.now()
    if shop.uninstalled_at is None:
        raise Ignored("installed again")
    with scope(program=shop.program):
        orders.forget_everyone()
        forgotten = forget_everyone(program=shop.program, now=now)
        forget_purchases(member_ids=forgotten)
        forget_reasons(member_ids=forgotten)
        forget_all_friends()
        for subscription in subscriptions():
            delete_subscription(public_id=subscription.public_id)
        forget_connections()
        calls.forget(program_id=shop.program_id)
        forget_emails()
        forget_display()
        imports.forget_everyone(now=now)
        forget_settings(program_id=shop.program_id, now=now)
    PersonalDataRequest.objects.filter(shop_domain=shop.domain).delete()
    ReceivedWebhook.objects.filter(shop_domain=shop.domain).update(body=None)
