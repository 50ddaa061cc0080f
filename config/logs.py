"""Structured logs, with one place that removes secrets and personal data before anything is written."""

import logging
import logging.config
import re
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

REMOVED = "[removed]"
# Names whose value never reaches a log (reliability.md 11).
SECRET_NAME = re.compile(
    r"authorization|token|secret|password|passwd|api[-_]?key|cookie|hmac|signature|e[-_]?mail|phone|credential", re.I
)
# Values that are secrets wherever they appear, also inside a URL or a sentence.
SECRET_VALUE = re.compile(
    r"(?:shp(?:at|rt|ss|ca|pa)_[\w-]+|pk_[\w-]{16,}|\beyJ[\w-]+\.[\w-]+\.[\w-]+|Bearer\s+\S+"
    r"|(?<=id_token=)[^&\s\"']+|[\w.+-]+@[\w-]+\.[\w.-]+)"
)


def without_secrets(value: Any, name: str = "") -> Any:
    """A copy of `value` fit for a log: named secrets, token-shaped text and e-mail addresses are replaced."""
    if name and SECRET_NAME.search(name):
        return REMOVED
    if isinstance(value, Mapping):
        return {key: without_secrets(inner, str(key)) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [without_secrets(inner) for inner in value]
    if isinstance(value, bytes):
        return without_secrets(value.decode("utf-8", "replace"))
    return SECRET_VALUE.sub(REMOVED, value) if isinstance(value, str) else value


def remove_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The structlog processor: runs last before rendering, on our own lines and on those of every library."""
    for key, value in list(event.items()):
        if not key.startswith("_"):
            event[key] = without_secrets(value, key)
    return event


def configure_logging(*, level: str, as_json: bool) -> None:
    """Send every log line, ours and the libraries', through structlog to standard error.

    Args:
        level: the lowest level written.
        as_json: one JSON object per line (production), else readable text.
    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    renderer: Any = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": shared,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, remove_secrets, renderer],
    }
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"structlog": formatter},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structlog"}},
            "root": {"handlers": ["stderr"], "level": level},
            # Two lines a task, for tasks that run every other second: what matters is in rows.
            "loggers": {name: {"level": "WARNING"} for name in ("celery.app.trace", "celery.worker.strategy")},
        }
    )
