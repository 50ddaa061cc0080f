"""What members refuses."""

from __future__ import annotations

from django.utils.translation import gettext as _

from loyalty.errors import NotFound, Refusal


class CustomerNotFound(NotFound):
    """The customer is not a member of this programme."""

    def __init__(self, customer: object) -> None:
        super().__init__(_("Customer '%(customer)s' not found") % {"customer": customer}, reason="not_a_member")


class CustomerExcluded(Refusal):
    """The member earns and redeems nothing."""

    code = "customer_excluded"

    def __init__(self) -> None:
        super().__init__(_("Customer is excluded from the loyalty program"))


class NoTestCustomer(Refusal):
    """The programme is tried out, and the member is not one of its test customers."""

    code = "test_mode"

    def __init__(self) -> None:
        super().__init__(_("The loyalty program is in test mode and this customer is not a test customer"))
