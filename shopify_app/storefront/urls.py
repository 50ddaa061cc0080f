"""Addresses of the app proxy: a shop's /apps/loyalty/… comes here as /proxy/…"""

from django.urls import path

from shopify_app.storefront import panel, redeeming, referral

urlpatterns = [
    path("referral", referral.referral, name="referral"),
    path("referral/<str:public_id>", referral.accepted, name="referral_accepted"),
    path("panel", panel.panel, name="panel"),
    path("panel/join", panel.join, name="panel_join"),
    path("panel/birthday", panel.birthday, name="panel_birthday"),
    path("panel/rewards/<str:public_id>", redeeming.reward, name="panel_reward"),
    path("panel/codes/<str:public_id>", redeeming.code, name="panel_code"),
]
