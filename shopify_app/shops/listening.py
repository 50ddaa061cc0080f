"""Who listens in Shopify Flow: what its lifecycle callback has said of a shop's workflows (shopify facts, 3.3)."""

from __future__ import annotations

from datetime import datetime

from shopify_app.shops.models import FlowListener, Shop


def note_listening(*, shop: Shop, trigger: str, is_listening: bool, told_at: datetime) -> bool:
    """Writes down whether somebody listens, unless something newer is known; a repeat changes nothing.

    Args:
        trigger: The trigger's handle, or what Shopify calls it where it is none of ours.
        told_at: The callback's own time: callbacks arrive in any order, and the newest is true.

    Returns:
        Whether it was news.
    """
    said = {"is_listening": is_listening, "told_at": told_at}
    row, is_first = FlowListener.objects.get_or_create(shop=shop, trigger=trigger, defaults=said)
    return is_first or bool(FlowListener.objects.filter(pk=row.pk, told_at__lt=told_at).update(**said))


def silent_triggers(*, program_id: int) -> frozenset[str]:
    """Returns the triggers that no workflow of the shop uses; one that nobody has told us of is not among them."""
    silent = FlowListener.objects.filter(shop__program_id=program_id, is_listening=False)
    return frozenset(silent.values_list("trigger", flat=True))


def forget_listening(*, shop: Shop) -> None:
    """Forgets what was said before an uninstall: what was switched meanwhile nobody has told us."""
    FlowListener.objects.filter(shop=shop).delete()


def listening(*, program_id: int) -> dict[str, bool]:
    """Returns by trigger whether a workflow listens; one that nobody has told us of is missing."""
    told = FlowListener.objects.filter(shop__program_id=program_id)
    return dict(told.values_list("trigger", "is_listening"))
