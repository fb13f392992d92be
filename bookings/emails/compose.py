"""Subject, text and HTML of one kind of message: three files in a folder of templates that share its name."""

import datetime
import logging
from typing import TypedDict

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from bookings import links
from bookings.models import Walk
from bookings.plain_text import one_line, render_plain
from bookings.walk_card import when_in_words
from walkandtalk.lib import london

logger = logging.getLogger(__name__)

Context = dict[str, object]
FOLDER = "bookings/emails"


class Content(TypedDict):
    subject: str
    text: str
    html: str


def render(kind: str, context: Context, *, folder: str = FOLDER) -> Content:
    """Subject, text and HTML of one kind of message."""
    subject = subject_of(kind, context, folder=folder)
    text = render_plain(f"{folder}/{kind}.txt", context)
    # What a list of messages shows beside the subject: how the text begins.
    frame: Context = {"subject": subject, "preheader": text.split("\n", 1)[0]}
    return {"subject": subject, "text": text, "html": _html(f"{folder}/{kind}.html", {**context, **frame})}


def _html(template: str, context: Context) -> str:
    """The text says all of it: whatever is wrong with the HTML, she must still hear."""
    try:
        return render_to_string(template, context)
    except Exception as error:  # noqa: BLE001  # a template may raise anything
        logger.error("The HTML of %s could not be made: %s", template, type(error).__name__)
        return ""


def subject_of(kind: str, context: Context, *, folder: str = FOLDER) -> str:
    return render_plain(f"{folder}/{kind}.subject.txt", context).strip()


def moment(at: datetime.datetime) -> str:
    """ "6:30pm on Tuesday 8 December 2026"."""
    return _("%(time)s on %(date)s") % {"time": london.clock(at), "date": london.long_date(at)}


def date_and_start(walk: Walk) -> Context:
    return {
        "date": london.long_date(walk.start_at),
        "start": london.clock(walk.start_at),
        "meeting_place": one_line(walk.meeting_place),
    }


def about_walk(walk: Walk) -> Context:
    return {
        **date_and_start(walk),
        "when": when_in_words(walk),
        "finish_place": one_line(walk.finish_place),
        "duty_number": one_line(walk.duty_number),
        "staff_page": links.staff_walk_url(walk),
    }
