"""How the fields of the wire appear in the OpenAPI document: types and limits, where drf-spectacular cannot know them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from rest_framework import serializers


class Constant(serializers.CharField):
    """A text that is always the same."""

    def __init__(self, value: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.value = value


class _Described(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]  # it registers itself, untyped
    """A field's schema; drf-spectacular finds these classes by `target_class`."""

    target_class: Any = None
    schema: dict[str, Any]

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        """Returns the schema; null is added by the generator."""
        return dict(self.schema)


class _Constant(_Described):
    target_class = "loyalty.api.v1.document_fields.Constant"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        """Returns the one value."""
        return {"type": "string", "const": self.target.value}


class _WholeNumber(_Described):
    target_class = "loyalty.api.v1.fields.WholeNumber"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        """Returns an integer within its limits."""
        limits = {"type": "integer", "minimum": self.target.low, "maximum": self.target.high}
        return {**limits, "not": {"const": 0}} if self.target.nonzero else limits


class _YesNo(_Described):
    target_class = "loyalty.api.v1.fields.YesNo"
    schema = {"type": "boolean"}


class _Day(_Described):
    target_class = "loyalty.api.v1.fields.Day"
    schema = {"type": "string", "description": "`YYYY-MM-DD`, or a timestamp, in UTC where it has no offset."}


class _CustomerIdentifier(_Described):
    target_class = "loyalty.api.v1.fields.CustomerIdentifier"
    schema = {
        "type": ["string", "integer"],
        "description": "A Shopify customer id, an e-mail address, or a customer's gid.",
    }


class _Metadata(_Described):
    target_class = "loyalty.api.v1.actions.Metadata"
    schema = {"type": "object", "additionalProperties": {}, "description": "Kept with the award; at most 16 KiB."}
