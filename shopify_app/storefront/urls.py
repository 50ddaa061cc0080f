"""Addresses of the app proxy: a shop's /apps/loyalty/… comes here as /proxy/…"""

from django.urls import path

from shopify_app.storefront import referral

urlpatterns = [
    path("referral", referral.referral, name="referral"),
    path("referral/<str:public_id>", referral.accepted, name="referral_accepted"),
]
