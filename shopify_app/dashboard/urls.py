"""The addresses of the admin's pages, included twice: embedded under /app/, standalone under /standalone/."""

from django.conf import settings as settings_of_django
from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, path

from shopify_app.dashboard import (
    activity,
    approvals,
    campaigns,
    custom_actions,
    deliveries,
    developer,
    gallery,
    home,
    integrations,
    login,
    member,
    members,
    missed,
    privacy,
    redemptions,
    referrals,
    rewards,
    rules,
    settings,
    test_mode,
    tiers,
    try_it,
    webhooks,
)

pages: list[URLPattern] = [
    path("", home.home, name="home"),
    path("hints/<slug:name>/dismiss", home.dismiss, name="dismiss"),
    path("activity", activity.activity, name="activity"),
    path("approvals", approvals.approvals, name="approvals"),
    path("earning-rules", rules.rules, name="rules"),
    path("earning-rules/new", rules.choose, name="rule_choose"),
    path("earning-rules/new/custom", custom_actions.create, name="action_new"),
    path("earning-rules/new/<slug:action>", rules.create, name="rule_new"),
    path("earning-rules/calls", custom_actions.calls, name="calls"),
    path("earning-rules/<slug:public_id>", rules.edit, name="rule"),
    path("earning-rules/<slug:public_id>/switch", rules.switch, name="rule_switch"),
    path("earning-rules/<slug:public_id>/try", try_it.try_it, name="action_try"),
    path("earning-rules/<slug:public_id>/undo/<slug:award_id>", try_it.undo, name="action_undo"),
    path("earning-rules/<slug:public_id>/aliases/<slug:key>/remove", custom_actions.forget_alias, name="alias_remove"),
    path("rewards", rewards.rewards, name="rewards"),
    path("rewards/new", rewards.create, name="reward_new"),
    path("rewards/<slug:public_id>", rewards.edit, name="reward"),
    path("rewards/<slug:public_id>/switch", rewards.switch, name="reward_switch"),
    path("vip-tiers", tiers.ladder, name="tiers"),
    path("vip-tiers/<slug:public_id>/delete", tiers.delete, name="tier_delete"),
    path("campaigns", campaigns.campaigns, name="campaigns"),
    path("campaigns/new", campaigns.create, name="campaign_new"),
    path("campaigns/<slug:public_id>", campaigns.edit, name="campaign"),
    path("campaigns/<slug:public_id>/switch", campaigns.switch, name="campaign_switch"),
    path("referrals", referrals.referrals, name="referrals"),
    path("members", members.members, name="members"),
    path("members/<int:member_id>", member.member, name="member"),
    path("members/<int:member_id>/adjust", member.adjust, name="member_adjust"),
    path("members/<int:member_id>/exclusion", member.exclusion, name="member_exclusion"),
    path(
        "members/<int:member_id>/rewards/<str:public_id>/take-back", redemptions.take_back, name="redemption_take_back"
    ),
    path("members/<int:member_id>/rewards/<str:public_id>/again", redemptions.again, name="redemption_again"),
    path("members/<int:member_id>/rewards/<str:public_id>/decide", redemptions.decide, name="redemption_decide"),
    path("integrations", integrations.integrations, name="integrations"),
    path("integrations/klaviyo/connect", integrations.connect, name="klaviyo_connect"),
    path("integrations/klaviyo/disconnect", integrations.disconnect, name="klaviyo_disconnect"),
    path("webhooks", webhooks.webhooks, name="webhooks"),
    path("webhooks/new", webhooks.create, name="webhook_new"),
    path("webhooks/<slug:public_id>", webhooks.edit, name="webhook"),
    path("webhooks/<slug:public_id>/test", webhooks.test, name="webhook_test"),
    path("webhooks/<slug:public_id>/replay", webhooks.replay, name="webhook_replay"),
    path("webhooks/<slug:public_id>/rotate", webhooks.rotate, name="webhook_rotate"),
    path("webhooks/<slug:public_id>/delete", webhooks.delete, name="webhook_delete"),
    path("deliveries", deliveries.deliveries, name="deliveries"),
    path("deliveries/<int:delivery_id>", deliveries.delivery, name="delivery"),
    path("deliveries/<int:delivery_id>/send-again", deliveries.send_again, name="delivery_resend"),
    path("settings", settings.general, name="settings"),
    path("settings/test-mode", test_mode.test_mode, name="test_mode"),
    path("settings/test-mode/off", test_mode.switch_off, name="test_mode_off"),
    path("settings/test-mode/clean-up", test_mode.clean_up, name="test_clean_up"),
    path("settings/test-mode/missed", missed.missed, name="missed"),
    path("settings/test-mode/missed/award", missed.award, name="missed_award"),
    path("settings/test-mode/missed/discard", missed.discard, name="missed_discard"),
    path("settings/privacy", privacy.requests, name="privacy"),
    path("settings/privacy/<int:request_id>", privacy.data_request, name="data_request"),
    path("settings/developer", developer.developer, name="developer"),
    path("settings/developer/keys/<int:key_id>/revoke", developer.revoke, name="key_revoke"),
]
if settings_of_django.ENCORE_STANDALONE:
    pages.append(path("gallery", gallery.gallery, name="gallery"))

embedded = (pages, "dashboard")
standalone = (
    [
        *pages,
        path("login/", login.Login.as_view(), name="login"),
        path("logout/", LogoutView.as_view(next_page="/standalone/login/"), name="logout"),
    ],
    "dashboard",
)
