"""Taking part: newsletter, text messages, a page visited, a survey answered."""

from django.utils.translation import gettext_noop as _

from loyalty.earning.kinds.base import Category, Kind

KINDS = (
    Kind("newsletter_signup", Category.ENGAGEMENT, _("Sign up for the newsletter"), 50, "email"),
    Kind("sms_signup", Category.ENGAGEMENT, _("Sign up for text messages"), 50, "email"),
    Kind("visit_page", Category.ENGAGEMENT, _("Visit a page"), 10, "view"),
    Kind("survey", Category.ENGAGEMENT, _("Answer a survey"), 50, "edit"),
)
