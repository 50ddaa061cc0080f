"""What a condition step holds: one comparison as the tree of JSON that Flow writes into its exports. Pure.

Source: the shape of conditions in workflows that other shops exported and published; an export of our own has not
confirmed it. Only texts are compared here: how other types are named there is unknown.
"""

from __future__ import annotations

import json
from uuid import UUID, uuid5

TEXT = "EnvironmentScalarDefinition:String"


def equals(*, step_id: UUID, path: str, text: str) -> str:
    """Returns the value of a condition's one field: whether what stands at a path is this text."""
    whole, comparison = uuid5(step_id, "whole"), uuid5(step_id, "comparison")
    tree = {
        "uuid": str(whole),
        "lhs": {
            "uuid": str(comparison),
            "parent_uuid": str(whole),
            "lhs": {
                **_side(uuid5(step_id, "left"), comparison, path, "EnvironmentValue"),
                "full_environment_path": path,
            },
            "rhs": _side(uuid5(step_id, "right"), comparison, text, "LiteralValue"),
            "value_type": TEXT,
            "operator": "==",
            "operation_type": "Comparison",
        },
        "operator": "AND",
        "operation_type": "LogicalExpression",
    }
    return json.dumps(tree, separators=(",", ":"))


def _side(id: UUID, parent: UUID, value: str, kind: str) -> dict[str, str]:
    return {"uuid": str(id), "parent_uuid": str(parent), "value": value, "comparison_value_type": kind}
