"""Finds in what leaves us every word that would tell somebody that it is about the police or a walk."""

import csv
import re
from email import message_from_bytes
from email.policy import default as policy
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings as project_settings

from outbox.sending.delivery import build_email
from tests.support.markup import Markup

PIN = "402817"
REQUESTER_DETAILS = [
    "Maya",
    "Peckham",
    "Nunhead",
    "flower stall",
    "green lantern",
    "silver river",
    "07700",
    "I use a stick",
]
# At the beginning of a word, so that "replace" tells nothing and "walks" does.
REVEALING = ["police", "walk", "place", "officer", "patrol", "bcu", "borough", "command unit", "neighbourhood", "met"]
WHOLE_WORDS_ONLY = ("place", "met")
RANDOM = re.compile(r"[A-Za-z0-9_-]{30,}|[0-9a-f]{8}-[0-9a-f-]{27}")


@cache
def borough_names():
    """The name of every borough, and of every BCU."""
    with (project_settings.BASE_DIR / "data" / "wards.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    column = next(name for name in rows[0] if "borough" in name.lower() and "gss" not in name.lower())
    return sorted({row[column] for row in rows})


def revealing_words(text):
    """Every word in it that would tell somebody something."""
    text = RANDOM.sub(" ", text).lower()
    public = urlsplit(project_settings.PUBLIC_URL)
    found = [
        word
        for word in REVEALING
        if re.search(rf"(?<![a-z]){word}{'s?(?![a-z])' if word in WHOLE_WORDS_ONLY else ''}", text)
    ]
    others = ["central south", "central north", public.netloc, public.hostname, "walkandtalk", *REQUESTER_DETAILS]
    names = [name for name in borough_names() if re.search(rf"\b{re.escape(name.lower())}\b", text)]
    return found + names + [word for word in others if word.lower() in text]


def everything_sent(response):
    """All that a browser is sent: the status line, headers, cookies and body."""
    headers = [f"{name}: {value}" for name, value in response.headers.items()]
    cookies = [cookie.OutputString() for cookie in response.cookies.values()]
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return "\n".join([response.reason_phrase, *headers, *cookies, body.decode()])


def externally_visible_parts(response):
    """What of a page others may see in the bar of tabs, in a history or on the wire: all but its words."""
    page = Markup(response.text)
    titles = [tag.text for tag in page.all("title")]
    metas = [tag.attrs.get("content", "") for tag in page.all("meta")]
    addresses = [tag.attrs[name] for tag in page.tags for name in ("src", "href", "action") if name in tag.attrs]
    comments = re.findall(r"<!--.*?-->", response.text, re.DOTALL)
    headers = [f"{name}: {value}" for name, value in response.headers.items()]
    cookies = [cookie.OutputString() for cookie in response.cookies.values()]
    return "\n".join([*titles, *metas, *addresses, *comments, *headers, *cookies])


def files_loaded_by(response):
    """What a page loads from us."""
    tags = Markup(response.text).all("script", "link", "img")
    return {tag.attrs.get("src") or tag.attrs.get("href") for tag in tags}


def everything_in_message(message):
    """The envelope, the headers and each part of one message, decoded."""
    parts = list(message_from_bytes(build_email(message).message().as_bytes(), policy=policy).walk())
    headers = [f"{name}: {value}" for part in parts for name, value in part.items()]
    bodies = [part.get_payload(decode=True).decode() for part in parts if not part.is_multipart()]
    return "\n".join([message.sender, *headers, *bodies])
