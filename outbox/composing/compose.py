"""Make the subject, text and HTML of a message from its file."""

import logging
from collections.abc import Sequence
from typing import TypedDict

from css_inline import CSSInliner
from django.conf import settings
from django.template.loader import render_to_string
from markdown_it.token import Token

from outbox.composing.message_files import Context, MessageForm, read_form, render_markdown
from walkandtalk.lib.markdown.parsing import parse, to_html
from walkandtalk.lib.markdown.to_text import to_text

FRAME = "outbox/emails/frame.html"
RUN_BY = "outbox/emails/parts/run_by.md"
INLINER = CSSInliner(keep_at_rules=True, minify_css=True, load_remote_stylesheets=False)
"""Some email clients ignore style sheets and read only style attributes, which cannot express dark mode."""

logger = logging.getLogger(__name__)


class Content(TypedDict):
    subject: str
    text: str
    html: str


def render(kind: str, context: Context, *, is_discreet: bool = False) -> Content:
    """Render the message. Text and HTML come from the same tokens, so they cannot differ."""
    form = read_form(kind, context, is_discreet=is_discreet)
    tokens = parse(form.body)
    foot = [] if is_discreet else _foot()
    text = f"{to_text(tokens)}\n{to_text(foot)}" if foot else to_text(tokens)
    return {"subject": form.subject, "text": text, "html": _html(kind, form, tokens, foot)}


def _foot() -> list[Token]:
    """Return who runs the service. A discreet message must never say it."""
    run_by = settings.ORGANISATION
    context: Context = {
        "organisation": str(run_by.name),
        "address": str(run_by.address),
        "complaints": str(run_by.complaints),
    }
    return parse(render_markdown(RUN_BY, context))


def _html(kind: str, form: MessageForm, tokens: Sequence[Token], foot: Sequence[Token]) -> str:
    """Return the HTML, or "" if it cannot be made. The text says everything, and the message must still be sent."""
    try:
        context = {"form": form, "body": to_html(tokens), "foot": to_html(foot), "is_discreet": not foot}
        return INLINER.inline(render_to_string(FRAME, context))
    except Exception as error:  # noqa: BLE001  # a template may raise anything
        logger.error("Could not make the HTML of %s: %s", kind, type(error).__name__)
        return ""


def render_subject(kind: str, context: Context, *, is_discreet: bool = False) -> str:
    return read_form(kind, context, is_discreet=is_discreet).subject
