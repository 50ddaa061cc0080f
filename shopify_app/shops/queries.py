"""What others may ask about shops."""

from shopify_app.shops.models import Shop


def shop_of(domain: str) -> Shop | None:
    """The shop with this domain, installed or not."""
    return Shop.objects.select_related("program").filter(domain=domain).first()


def installed_shop(domain: str) -> Shop | None:
    """The shop with this domain unless Encore was uninstalled from it."""
    return Shop.objects.select_related("program").filter(domain=domain, uninstalled_at=None).first()


def shop_of_program(program_id: int) -> Shop | None:
    """The shop a programme belongs to; None for a programme that never had one."""
    return Shop.objects.filter(program_id=program_id).first()
