"""Every Flow action by its handle. A test holds this table, the folders and their manifests together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flow_extensions.actions.award_custom_action.handler import award_custom_action
from flow_extensions.actions.runs import Run

HANDLERS: dict[str, Callable[[Run, datetime], bytes]] = {
    "award-custom-action": award_custom_action,
}
