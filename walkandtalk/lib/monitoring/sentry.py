"""Errors for Sentry, or a service that understands it: what failed and where, and nothing of whom it was about.

docs/monitoring.md#sentry
"""

import logging
from typing import TYPE_CHECKING, Any

import sentry_sdk
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.dedupe import DedupeIntegration
from sentry_sdk.integrations.logging import LoggingIntegration
from structlog.contextvars import get_contextvars

from walkandtalk.lib.monitoring.masking import HIDDEN, chain, mask, text_of

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

KEPT = ("event_id", "timestamp", "level", "logger", "platform", "environment", "release", "sdk")
KEPT_OF_FRAMES = ("filename", "function", "module", "lineno", "in_app", "context_line", "pre_context", "post_context")
KEPT_OF_ERRORS = ("type", "module")
TAGS = ("request", "task", "job")


def start_sentry(dsn: str) -> None:
    """Send what is logged as an error. Nothing looks into requests, and nothing is measured."""
    sentry_sdk.init(
        dsn=dsn,
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[
            LoggingIntegration(level=None, event_level=logging.ERROR),
            DedupeIntegration(),
            AtexitIntegration(callback=lambda pending, timeout: None),
        ],
        before_send=only_the_harmless,
        before_breadcrumb=lambda crumb, hint: None,
        max_breadcrumbs=0,
        send_default_pii=False,
        max_request_body_size="never",
        include_local_variables=False,
        auto_session_tracking=False,
        send_client_reports=False,
        server_name="",
        shutdown_timeout=2,
    )


def only_the_harmless(event: "Event", hint: "Hint") -> "Event":
    """Return a new event that has only what we name. The library may add to events with any release."""
    given: dict[str, Any] = dict(event)
    kept = {name: given[name] for name in KEPT if name in given}
    kept["tags"] = {name: value for name, value in get_contextvars().items() if name in TAGS}
    kept["logentry"] = {"message": mask(str((given.get("logentry") or {}).get("message", "")))}
    texts = {type(error).__name__: text_of(error) for error in chain((hint.get("exc_info") or (None, None))[1])}
    values = (given.get("exception") or {}).get("values", [])
    kept["exception"] = {"values": [_only_where(value, texts) for value in values]}
    return kept  # type: ignore[return-value]


def _only_where(value: dict[str, Any], texts: dict[str, str]) -> dict[str, Any]:
    frames = (value.get("stacktrace") or {}).get("frames", [])
    return {
        **{name: value[name] for name in KEPT_OF_ERRORS if name in value},
        "value": texts.get(str(value.get("type")), HIDDEN),
        "stacktrace": {"frames": [{name: frame[name] for name in KEPT_OF_FRAMES if name in frame} for frame in frames]},
    }
