"""Explaining: why an award is what it is, what a balance is made of, and every movement behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from loyalty.api.v1 import documents as docs
from loyalty.api.v1 import shapes
from loyalty.api.v1.base import ApiView, one, resource
from loyalty.api.v1.lists import page, sorted_by, wanted
from loyalty.earning.explaining import explain
from loyalty.earning.models import Award
from loyalty.earning.queries import awards_of
from loyalty.errors import NotFound
from loyalty.instants import instant
from loyalty.ledger import queries as ledger
from loyalty.ledger.models import Entry, Lot
from loyalty.members import queries

LEDGER_SORTS = {"created_at": "created_at", "sequence": "sequence"}
LOT_SORTS = {"created_at": "pk", "earned_at": "earned_at"}


class CustomerExplanation(ApiView):
    """`/v1/customers/{identifier}/explain`."""

    @extend_schema(**docs.reading("Explain a balance", "balance_explanation", shapes.BalanceExplanationAttributes))
    def get(self, request: Request, identifier: str) -> Response:
        """Says what a balance is made of: sums that must agree, points per kind of movement, holds and expiries."""
        member = queries.member(identifier=identifier)
        balances = ledger.balances_of(member_id=member.pk, now=self.now)
        kinds = ledger.sums_by_kind(member_id=member.pk)
        lots = [lot for lot in ledger.lots_of(member_id=member.pk) if lot.remaining]
        in_entries, in_lots = sum(points for _, _, points in kinds), sum(lot.remaining for lot in lots)
        past_their_end = in_lots - balances.available - balances.pending
        attributes = {
            "current_points": balances.available,
            "pending_points": balances.pending,
            "held_points": balances.held,
            "debt_points": balances.debt,
            "lifetime_points": balances.lifetime,
            "redeemed_points": balances.redeemed,
            "expired_unmarked_points": past_their_end,
            "entries_total": in_entries,
            "lots_total": in_lots,
            "is_proved": in_entries == in_lots + balances.held - balances.debt,
            "movements": [{"kind": kind, "entries": number, "points": points} for kind, number, points in kinds],
            "holds": [
                {
                    "points": hold.points,
                    "created_at": instant(hold.created_at),
                    "paid_from": paid_from(hold_id=hold.pk),
                }
                for hold in ledger.active_holds_of(member_id=member.pk)
            ],
            "expiries": [
                {"expires_at": instant(at), "points": points}
                for at, points in ledger.expiries_of(member_id=member.pk, now=self.now)
            ],
        }
        return one("balance_explanation", str(member.shopify_customer_id), attributes)


class AwardExplanation(ApiView):
    """`/v1/customers/{identifier}/earning-history/{id}/explain`."""

    @extend_schema(**docs.reading("Explain an award", "award_explanation", shapes.AwardExplanationAttributes))
    def get(self, request: Request, identifier: str, public_id: str) -> Response:
        """Says why an award is what it is: base, rule version, tier, campaign, rounding, and what is left of it."""
        member = queries.member(identifier=identifier)
        award = awards_of(member_id=member.pk).filter(public_id=public_id).first()
        if award is None:
            raise NotFound(f"Earning history entry '{public_id}' not found")
        return one("award_explanation", award.public_id, of_award(award))


class Ledger(ApiView):
    """`/v1/customers/{identifier}/ledger`."""

    @extend_schema(
        **docs.listing(
            "List ledger entries", "ledger_entry", shapes.LedgerEntryAttributes, sorts=LEDGER_SORTS, filters=["kind"]
        )
    )
    def get(self, request: Request, identifier: str) -> Response:
        """Lists every movement of a customer's points; together they are the balance."""
        rows = ledger.entries_of(member_id=queries.member(identifier=identifier).pk)
        if kind := wanted(request.query_params, "kind"):
            rows = rows.filter(kind=kind)
        return page(sorted_by(rows, request.query_params, LEDGER_SORTS), request.query_params, self.present)

    def present(self, entries: Sequence[Entry]) -> list[dict[str, Any]]:
        """Returns the resource objects of some entries."""
        return [resource("ledger_entry", str(entry.pk), of_entry(entry)) for entry in entries]


class Lots(ApiView):
    """`/v1/customers/{identifier}/lots`."""

    @extend_schema(
        **docs.listing("List lots", "lot", shapes.LotAttributes, sorts=LOT_SORTS, filters=["status", "open"])
    )
    def get(self, request: Request, identifier: str) -> Response:
        """Lists what each accrual brought and how much of it is left; `filter[open]=true` shows what can be spent."""
        rows = ledger.lots_of(member_id=queries.member(identifier=identifier).pk)
        if status := wanted(request.query_params, "status"):
            rows = rows.filter(state=status)
        if wanted(request.query_params, "open") == "true":
            rows = rows.filter(remaining__gt=0)
        return page(sorted_by(rows, request.query_params, LOT_SORTS), request.query_params, self.present)

    def present(self, lots: Sequence[Lot]) -> list[dict[str, Any]]:
        """Returns the resource objects of some lots."""
        return [resource("lot", str(lot.pk), of_lot(lot)) for lot in lots]


def of_award(award: Award) -> dict[str, Any]:
    """Returns an award's explanation, from what was recorded and never from today's rules."""
    return {
        "points": award.points,
        "status": award.status,
        "breakdown": _told(award.breakdown),
        "steps": explain(award.breakdown),
        "due_at": instant(award.due_at),
        "lots": paid_from(entry_id=award.entry_id) if award.points < 0 and award.entry_id is not None else [],
    }


def _told(breakdown: Mapping[str, Any]) -> dict[str, Any]:
    """A breakdown as callers know it: its campaigns by name, without our own numbers of them."""
    told = dict(breakdown)
    for name in ("campaign", "extra"):
        if told.get(name):
            told[name] = _without_id(told[name])
    if told.get("lines"):
        told["lines"] = [_without_id(each) if each else each for each in told["lines"]]
    return told


def _without_id(part: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in part.items() if name != "id"}


def of_entry(entry: Entry) -> dict[str, Any]:
    """Returns an entry as the journal holds it."""
    details = entry.details or {}
    return {
        "sequence": entry.sequence,
        "kind": entry.kind,
        "points": entry.points,
        "balance_after": entry.balance_after,
        "shortfall": entry.shortfall,
        "source": entry.source,
        "rule_id": details.get("rule_id"),
        "award_id": details.get("award_id"),
        "redemption_id": details.get("redemption_id"),
        "note": details.get("note") or details.get("reason"),
        "is_test": entry.is_test,
        "effective_at": instant(entry.effective_at),
        "created_at": instant(entry.created_at),
    }


def of_lot(lot: Lot) -> dict[str, Any]:
    """Returns a lot: what it brought, what is left, and its dates."""
    return {
        "entry_id": str(lot.entry_id),
        "status": lot.state,
        "points": lot.points,
        "remaining": lot.remaining,
        "earned_at": instant(lot.earned_at),
        "due_at": instant(lot.due_at),
        "available_at": instant(lot.available_at),
        "expires_at": instant(lot.expires_at),
        "is_test": lot.is_test,
    }


def paid_from(*, hold_id: int | None = None, entry_id: int | None = None) -> list[dict[str, Any]]:
    """Returns which lots pay for a hold or for an entry."""
    return [
        {
            "lot_id": str(drawn.lot_id),
            "points": drawn.points,
            "earned_at": instant(drawn.earned_at),
            "expires_at": instant(drawn.expires_at),
        }
        for drawn in ledger.drawn_for(hold_id=hold_id, entry_id=entry_id)
    ]
