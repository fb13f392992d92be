"""Read the parts of a message that the stack has sent."""

import re

from tests.support.stack import words


def get_text(message):
    return words(message.get_body(("plain",)).get_content())


def get_html(message):
    return message.get_body(("html",)).get_content()


def visible_text(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def get_calendar(message):
    return next(part.get_content() for part in message.walk() if part.get_content_type() == "text/calendar")


def link_in(message, path="/my-walk/"):
    return re.search(rf"https?://\S+{path}[\w-]+/", get_text(message)).group()
