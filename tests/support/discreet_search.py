"""Find words in responses and messages that would reveal the police or a walk."""

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
# Matched at the start of a word: "walks" reveals something, "replace" does not.
REVEALING = ["police", "walk", "place", "officer", "patrol", "bcu", "borough", "command unit", "neighbourhood", "met"]
WHOLE_WORDS_ONLY = ("place", "met")
RANDOM = re.compile(r"[A-Za-z0-9_-]{30,}|[0-9a-f]{8}-[0-9a-f-]{27}")


@cache
def borough_names():
    """Return the names of all boroughs."""
    with (project_settings.BASE_DIR / "data" / "wards.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    column = next(name for name in rows[0] if "borough" in name.lower() and "gss" not in name.lower())
    return sorted({row[column] for row in rows})


def revealing_words(text):
    """Return every revealing word in the text."""
    text = RANDOM.sub(" ", text).lower()
    public = urlsplit(project_settings.PUBLIC_URL)
    words = [
        word
        for word in REVEALING
        if re.search(rf"(?<![a-z]){word}{'s?(?![a-z])' if word in WHOLE_WORDS_ONLY else ''}", text)
    ]
    others = ["central south", "central north", public.netloc, public.hostname, "walkandtalk", *REQUESTER_DETAILS]
    names = [name for name in borough_names() if re.search(rf"\b{re.escape(name.lower())}\b", text)]
    return words + names + [word for word in others if word.lower() in text]


def everything_sent(response):
    """Return all that the browser receives: the status line, headers, cookies and body."""
    headers = [f"{name}: {value}" for name, value in response.headers.items()]
    cookies = [cookie.OutputString() for cookie in response.cookies.values()]
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return "\n".join([response.reason_phrase, *headers, *cookies, body.decode()])


def externally_visible_parts(response):
    """Return the parts that others may see in a tab, a history or on the network: everything but the page's text."""
    page = Markup(response.text)
    titles = [tag.text for tag in page.all("title")]
    metas = [tag.attrs.get("content", "") for tag in page.all("meta")]
    addresses = [tag.attrs[name] for tag in page.tags for name in ("src", "href", "action") if name in tag.attrs]
    comments = re.findall(r"<!--.*?-->", response.text, re.DOTALL)
    headers = [f"{name}: {value}" for name, value in response.headers.items()]
    cookies = [cookie.OutputString() for cookie in response.cookies.values()]
    return "\n".join([*titles, *metas, *addresses, *comments, *headers, *cookies])


def files_loaded_by(response):
    """Return the addresses of the files that a page loads."""
    tags = Markup(response.text).all("script", "link", "img")
    return {tag.attrs.get("src") or tag.attrs.get("href") for tag in tags}


def everything_in_message(message):
    """Return the sender, the headers and each part of a message, decoded."""
    parts = list(message_from_bytes(build_email(message).message().as_bytes(), policy=policy).walk())
    headers = [f"{name}: {value}" for part in parts for name, value in part.items()]
    bodies = [part.get_payload(decode=True).decode() for part in parts if not part.is_multipart()]
    return "\n".join([message.sender, *headers, *bodies])
