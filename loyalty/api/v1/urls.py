"""Addresses of the REST API. Whatever is not here answers 404 in the API's own envelope."""

from __future__ import annotations

from django.urls import path, re_path

from loyalty.api.v1 import (
    actions,
    audits,
    batch,
    customers,
    deliveries,
    earning_rules,
    explanations,
    points,
    rewards,
    vip_tiers,
    webhook_subscriptions,
)
from loyalty.api.v1.base import NoSuchEndpoint

urlpatterns = [
    path("customers", customers.Customers.as_view()),
    path("customers/<str:identifier>", customers.Customer.as_view()),
    path("customers/<str:identifier>/points", points.Points.as_view()),
    path("customers/<str:identifier>/earning-history", points.EarningHistory.as_view()),
    path("customers/<str:identifier>/earning-history/<str:public_id>/explain", explanations.AwardExplanation.as_view()),
    path("customers/<str:identifier>/explain", explanations.CustomerExplanation.as_view()),
    path("customers/<str:identifier>/ledger", explanations.Ledger.as_view()),
    path("customers/<str:identifier>/lots", explanations.Lots.as_view()),
    path("customers/<str:identifier>/reward-history", points.RewardHistory.as_view()),
    path("earning-rules", earning_rules.EarningRules.as_view()),
    path("earning-rules/<str:public_id>", earning_rules.Rule.as_view()),
    path("earning-rules/<str:public_id>/award", earning_rules.RuleAward.as_view()),
    path("actions", actions.Actions.as_view()),
    path("actions/batch", batch.ActionsBatch.as_view()),
    path("audit", audits.Audit.as_view()),
    path("deliveries", deliveries.Deliveries.as_view()),
    path("deliveries/replay", deliveries.DeliveriesReplay.as_view()),
    path("deliveries/<str:delivery_id>", deliveries.OneDelivery.as_view()),
    path("deliveries/<str:delivery_id>/replay", deliveries.OneDeliveryReplay.as_view()),
    path("rewards", rewards.Rewards.as_view()),
    path("rewards/<str:public_id>", rewards.OneReward.as_view()),
    path("rewards/<str:public_id>/purchase", rewards.RewardPurchase.as_view()),
    path("vip-tiers", vip_tiers.VipTiers.as_view()),
    path("vip-tiers/<str:public_id>", vip_tiers.VipTier.as_view()),
    path("webhook-subscriptions", webhook_subscriptions.Subscriptions.as_view()),
    path("webhook-subscriptions/<str:public_id>", webhook_subscriptions.Subscription.as_view()),
    path("webhook-subscriptions/<str:public_id>/rotate-secret", webhook_subscriptions.SubscriptionSecret.as_view()),
    path("webhook-subscriptions/<str:public_id>/deliveries", webhook_subscriptions.SubscriptionDeliveries.as_view()),
    path("webhook-subscriptions/<str:public_id>/replay", webhook_subscriptions.SubscriptionReplay.as_view()),
    path("webhook-deliveries/<str:delivery_id>/replay", webhook_subscriptions.DeliveryReplay.as_view()),
    re_path(r"^.*$", NoSuchEndpoint.as_view()),
]
