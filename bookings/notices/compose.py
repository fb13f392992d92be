"""Make the subject, text and HTML of a message from its file."""

import datetime
import logging
from collections.abc import Sequence
from typing import TypedDict

from css_inline import CSSInliner
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from markdown_it.token import Token

from bookings.notices.message_files import Context, MessageForm, read_form, render_markdown
from bookings.notices.walk_card import WalkCard, when_in_words
from bookings.statuses import Channel
from walkandtalk.lib import london
from walkandtalk.lib.markdown.parsing import parse, to_html
from walkandtalk.lib.markdown.to_text import to_text
from walks import links
from walks.models.walks import Walk

FRAME = "bookings/notices/emails/frame.html"
RUN_BY = "bookings/notices/emails/parts/run_by.md"
WALK_CARD = "bookings/notices/emails/parts/walk_card.md"
INLINER = CSSInliner(keep_at_rules=True, minify_css=True, load_remote_stylesheets=False)
"""Some email clients ignore style sheets and read only style attributes, which cannot express dark mode."""

logger = logging.getLogger(__name__)


class Content(TypedDict):
    subject: str
    text: str
    html: str


def render(kind: str, context: Context, channel: Channel = Channel.FULL) -> Content:
    """Render the message. Text and HTML come from the same tokens, so they cannot differ."""
    form = read_form(kind, context, channel)
    tokens = parse(form.body)
    foot = _foot() if channel == Channel.FULL else []
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


def render_subject(kind: str, context: Context, channel: Channel = Channel.FULL) -> str:
    return read_form(kind, context, channel).subject


def render_walk_card(card: WalkCard) -> str:
    """Return the walk card as plain text, for a calendar."""
    return to_text(parse(render_markdown(WALK_CARD, {"card": card})))


def format_moment(at: datetime.datetime) -> str:
    """Return a time and date in London, like "6:30pm on Tuesday 8 December 2026"."""
    return _("%(time)s on %(date)s") % {"time": london.clock(at), "date": london.long_date(at)}


def date_and_start_context(walk: Walk) -> Context:
    return {
        "date": london.long_date(walk.start_at),
        "start": london.clock(walk.start_at),
        "meeting_place": walk.meeting_place,
    }


def walk_context(walk: Walk) -> Context:
    return {
        **date_and_start_context(walk),
        "when": when_in_words(walk),
        "finish_place": walk.finish_place,
        "duty_number": walk.duty_number,
        "staff_page": links.staff_walk_url(walk),
    }
