"""Subject, text and HTML of one kind of message: three templates of that name in the `emails` folder of a subject."""

import datetime
import logging
from functools import cache
from typing import TypedDict

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from bookings.notices.walk_card import when_in_words
from walkandtalk.lib import london
from walkandtalk.lib.plain_text import one_line, render_plain
from walks import links
from walks.models.walks import Walk

logger = logging.getLogger(__name__)

Context = dict[str, object]


class Content(TypedDict):
    subject: str
    text: str
    html: str


def render(kind: str, context: Context) -> Content:
    """Subject, text and HTML of one kind of message."""
    subject = render_subject(kind, context)
    template = template_of(kind)
    text = render_plain(f"{template}.txt", context)
    # What a list of messages shows beside the subject: how the text begins.
    frame: Context = {"subject": subject, "preheader": text.split("\n", 1)[0]}
    return {"subject": subject, "text": text, "html": _html(f"{template}.html", {**context, **frame})}


def _html(template: str, context: Context) -> str:
    """The text says all of it: whatever is wrong with the HTML, she must still hear."""
    try:
        return render_to_string(template, context)
    except Exception as error:  # noqa: BLE001  # a template may raise anything
        logger.error("The HTML of %s could not be made: %s", template, type(error).__name__)
        return ""


def render_subject(kind: str, context: Context) -> str:
    return render_plain(f"{template_of(kind)}.subject.txt", context).strip()


@cache
def template_of(kind: str) -> str:
    """Return what the names of its templates begin with: "bookings/triage/emails/booking_declined"."""
    folder = settings.BASE_DIR / "templates"
    (found,) = folder.glob(f"**/emails/{kind}.subject.txt")
    return str(found.relative_to(folder)).removesuffix(".subject.txt")


def format_moment(at: datetime.datetime) -> str:
    """ "6:30pm on Tuesday 8 December 2026"."""
    return _("%(time)s on %(date)s") % {"time": london.clock(at), "date": london.long_date(at)}


def date_and_start_context(walk: Walk) -> Context:
    return {
        "date": london.long_date(walk.start_at),
        "start": london.clock(walk.start_at),
        "meeting_place": one_line(walk.meeting_place),
    }


def walk_context(walk: Walk) -> Context:
    return {
        **date_and_start_context(walk),
        "when": when_in_words(walk),
        "finish_place": one_line(walk.finish_place),
        "duty_number": one_line(walk.duty_number),
        "staff_page": links.staff_walk_url(walk),
    }
