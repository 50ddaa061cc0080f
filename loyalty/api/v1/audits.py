"""The ledger's proof, as a merchant's backend may read it."""

from __future__ import annotations

from dataclasses import asdict

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from loyalty.api.v1 import documents as docs
from loyalty.api.v1 import shapes
from loyalty.api.v1.base import ApiView, one
from loyalty.errors import NotFound
from loyalty.instants import instant
from loyalty.ledger.audit import INVARIANTS
from loyalty.ledger.proving import newest_proof

MOST = 100
"""Rows that one answer tells of."""


class Audit(ApiView):
    """`/v1/audit`."""

    @extend_schema(**docs.reading("Read the audit", "audit", shapes.AuditAttributes))
    def get(self, request: Request) -> Response:
        """Says what last night's proof of the shop's ledger came to: every invariant holds, or which rows break one.

        `failed` is a proof that could not look at every invariant. At most 100 rows are told; `broken_rows` counts all.
        """
        proof = newest_proof()
        if proof is None:
            raise NotFound("The ledger has not been proved yet; the first proof is made tonight")
        attributes = {
            "status": proof.verdict,
            "invariants": INVARIANTS,
            "invariants_checked": proof.checked,
            "broken_rows": proof.broken_rows,
            "findings": [asdict(finding) for finding in proof.findings[:MOST]],
            "started_at": instant(proof.started_at),
            "finished_at": instant(proof.finished_at),
        }
        return one("audit", str(proof.run_id), attributes)
