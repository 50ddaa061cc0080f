"""What a call to Shopify can come to besides success: refused, nothing sent, or unknown.

The difference decides what may follow. After `Refused` and `NothingSent` nothing was done in Shopify; after
`UnknownOutcome` it may have been, and the caller looks before it tries again (shopify.md 7.5, reliability.md 5).
"""


class AdminApiError(Exception):
    """A call that did not succeed. The text is fit for a log and for a merchant's history page."""


class NothingSent(AdminApiError):
    """The request never reached Shopify, or was turned away unread: trying again is safe."""


class Throttled(NothingSent):
    """The shop's bucket is empty; nothing was done.

    Attributes:
        retry_after_seconds: when there will be room again.
    """

    def __init__(self, retry_after_seconds: float) -> None:
        super().__init__(f"Shopify asks to wait {retry_after_seconds:.1f} seconds")
        self.retry_after_seconds = retry_after_seconds


class UnknownOutcome(AdminApiError):
    """Sent, and no usable answer: the work may have been done."""


class Refused(AdminApiError):
    """Shopify understood and said no. Nothing was done.

    Attributes:
        code: Shopify's own code (`ACCESS_DENIED`, `TAKEN`, …) or `http_<status>`.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}" if message else code)
        self.code = code


class TokenRefused(Refused):
    """HTTP 401: the access token is expired, revoked or of another shop."""


class ShopUnavailable(Refused):
    """HTTP 402, 403, 404 or 423: frozen, fraudulent, closed or locked shop. No retry helps until it is open again."""


class UserErrors(Refused):
    """A mutation's own `userErrors`: the third outcome beside data and errors.

    Attributes:
        errors: as Shopify gave them: `field`, `message`, `code`.
    """

    def __init__(self, errors: list[dict[str, object]]) -> None:
        first = errors[0]
        super().__init__(str(first.get("code") or "USER_ERROR"), "; ".join(str(e.get("message")) for e in errors))
        self.errors = errors

    @property
    def codes(self) -> set[str]:
        """All codes among them."""
        return {str(error.get("code")) for error in self.errors}
