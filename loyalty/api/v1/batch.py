"""Many custom actions in one call: each succeeds or is refused alone, and sending the list again resumes it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from loyalty.api.v1 import documents as docs
from loyalty.api.v1 import shapes
from loyalty.api.v1.actions import ActionBody, activity_of, attributes_of, note, rehearsed, status_of
from loyalty.api.v1.base import ApiView, resource
from loyalty.api.v1.errors import error_object
from loyalty.api.v1.fields import checked_by
from loyalty.earning.activity import Activity
from loyalty.earning.operations import award_all
from loyalty.earning.results import AwardResult
from loyalty.errors import InvalidField, Refusal

MOST_ITEMS = 1000
MOST_BYTES = 8 * 1024 * 1024


class BatchInput(serializers.Serializer[Any]):
    """Up to 1,000 actions, each as it would be sent alone."""

    items = serializers.ListField(child=ActionBody(), min_length=1, max_length=MOST_ITEMS)


class ActionsBatch(ApiView):
    """`/v1/actions/batch`."""

    @extend_schema(**docs.batch("Trigger many custom actions", BatchInput, shapes.BatchAnswer))
    def post(self, request: Request) -> Response:
        """Awards up to 1,000 actions. Each item has its own status; one that fails holds up none.

        Each item may have its own `idempotency_key`. With an `Idempotency-Key` header, items without one get a key of
        their place in the list: sending the same list again then awards nothing twice.
        """
        items = self.body(most=MOST_BYTES).get("items")
        if not isinstance(items, list) or not 1 <= len(items) <= MOST_ITEMS:
            raise InvalidField("items", f"items must be an array of 1 to {MOST_ITEMS:,} actions")
        header, form = self.idempotency_key(), ActionBody()
        answers: list[AwardResult | Refusal | None] = [None] * len(items)
        activities: dict[int, Activity] = {}
        for index, item in enumerate(items):
            try:
                activities[index] = self._activity(form, item, index, header)
            except Refusal as refusal:
                answers[index] = refusal
        self.note_unknown(form, [item for item in items if isinstance(item, dict)])
        done = award_all(activities=list(activities.values()), program_id=self.program.pk, now=self.now)
        for index, answer in zip(activities, done, strict=True):
            answers[index] = answer
            note(activities[index], answer, program_id=self.program.pk, now=self.now)
        return Response(
            {"data": [self._told(index, answer) for index, answer in enumerate(answers)], "meta": _meta(answers)}
        )

    def _activity(self, form: ActionBody, item: Any, index: int, header: str | None) -> Activity:
        if not isinstance(item, dict):
            raise InvalidField("items", "each item must be an object")
        fields = checked_by(form, item)
        key, scope = (fields.get("idempotency_key") or "").strip() or None, "action"
        if key is None and header is not None:
            key, scope = f"{header}:{index}", self.header_scope()
        return activity_of(fields, key=key, key_scope=scope, api_key=self.api_key, now=self.now)

    def _told(self, index: int, answer: AwardResult | Refusal | None) -> dict[str, Any]:
        assert answer is not None
        if isinstance(answer, Refusal):
            status, error = error_object(answer.code, answer.sentence)
            return {"index": index, "status": status, "errors": [error]}
        attributes = {**attributes_of(answer), **(rehearsed(answer) if self.is_dry_run else {})}
        data = resource("earning_history_entry", answer.public_id, attributes)
        return {"index": index, "status": status_of(answer), "data": data}


def _meta(answers: list[AwardResult | Refusal | None]) -> dict[str, int]:
    results = [answer for answer in answers if isinstance(answer, AwardResult)]
    return {
        "awarded": sum(status_of(result) == 201 for result in results),
        "replayed": sum(result.replayed for result in results),
        "skipped": sum(result.skip_reason is not None and not result.replayed for result in results),
        "failed": len(answers) - len(results),
    }
