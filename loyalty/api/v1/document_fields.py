"""How the fields of the wire appear in the OpenAPI document: types and limits, where drf-spectacular cannot know them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from loyalty.api.v1.fields import CustomerIdentifier, Day, VariantIdentifier, YesNo

extend_schema_field({"type": "boolean"})(YesNo)
extend_schema_field(
    {"type": "string", "description": "`YYYY-MM-DD`, or a timestamp, in UTC where it has no offset."},
)(Day)
extend_schema_field(
    {
        "type": ["string", "integer"],
        "description": "A Shopify customer id or a customer's gid; on most calls an e-mail address does as well.",
    }
)(CustomerIdentifier)
extend_schema_field({"type": ["string", "integer"], "description": "A Shopify product variant id or its gid."})(
    VariantIdentifier
)


class Constant(serializers.CharField):
    """A text that is always the same."""

    def __init__(self, value: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.value = value


class _Constant(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]  # it registers itself, untyped
    target_class: Any = Constant

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        """Returns the one value."""
        return {"type": "string", "const": self.target.value}


class _WholeNumber(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]  # it registers itself, untyped
    target_class: Any = "loyalty.api.v1.fields.WholeNumber"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        """Returns an integer within its limits."""
        limits = {"type": "integer", "minimum": self.target.low, "maximum": self.target.high}
        return {**limits, "not": {"const": 0}} if self.target.nonzero else limits
