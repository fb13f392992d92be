"""The texts that women read, as `reading_age` measures them, and what is wrong with them."""

import re

from django.conf import settings
from django.urls import reverse

from tests.support.access_table import names_of_staff_pages
from tests.support.addresses import NEUTRAL, URLCONFS, rolled_back
from tests.support.booking_situations import SITUATIONS, make_booking
from tests.support.reading_age import (
    hard_to_read,
    long_sentences,
    sentences_around,
    sentences_of_message,
    sentences_of_page,
)
from tests.support.world import token_for
from walkandtalk.lib import tokens

PIN = "402817"
HOSTS = {"": "testserver", NEUTRAL: settings.DISCREET_HOST}
TO_STAFF = ("team-", "officer-", "auditor-", "account-", "standards-")
STAFF_ALONE = ("accounts:", "staff-", "locked out")
# What nobody would say to her face. "I cannot" is in the sample answers, where she may write as she likes.
STIFF = re.compile(
    r"(?<!I )\bcannot\b|\b(?:do|does|did|is|are|was|were|will|would|could|has|have|need) not\b"
    r"|(?<!who )\b(?:we|they) (?:will|are)\b|^you (?:will|are)\b"
    r"|\b(?:shall|somebody|anybody|everybody|whom)\b",
    re.IGNORECASE,
)
# A missed “not” would send her to a walk that we cancelled (docs/voice.md).
SPELT_OUT = re.compile(r"Please do not go|The officers will not (?:be there|wait for you)|is not going ahead")


def is_stiff(text):
    return STIFF.search(SPELT_OUT.sub("", text)) is not None


def faults_of(texts):
    """Return every text that is too hard, every sentence that is too long, and every one that nobody would say."""
    return {
        "too hard": hard_to_read(texts),
        "too long": long_sentences(texts),
        "stiff": sorted({each.text for text in texts.values() for each in text if is_stiff(each.text)}),
    }


def no_faults():
    return {"too hard": {}, "too long": [], "stiff": []}


def texts_of_responses(responses):
    """Return the public pages among these responses, and the frame of each host as a page of its own."""
    staff = names_of_staff_pages()
    pages = {
        line: response.html
        for line, response in responses.items()
        if response.html and line[0] not in staff and not line[0].startswith(STAFF_ALONE)
    }
    frames = {("frame", name): sentences_around(pages[name, "GET"]) for name in ("home", f"{NEUTRAL}manage:page")}
    return frames | {
        (name.rpartition(":")[0], f"{name} {what}"): sentences_of_page(html) for (name, what), html in pages.items()
    }


def texts_of_special_pages(pages):
    return {
        ("special", what): sentences_of_page(html) for what, html in pages.items() if not what.startswith(STAFF_ALONE)
    }


def texts_of_situations(world):
    """Return the requester's page in each situation, on both hosts."""
    pages = {}
    for situation in SITUATIONS:
        with rolled_back():
            booking, _officer = make_booking(world, situation)
            booking.contact.pin_hmac = tokens.pin_hmac(booking.pk, PIN)
            booking.contact.save()
            token = token_for(booking)
            for prefix, host in HOSTS.items():
                html = _open(world, reverse("manage:page", urlconf=URLCONFS[prefix], args=[token]), host)
                pages["her page", f"{prefix}{situation}"] = sentences_of_page(html)
    return pages


def texts_of_messages(previews):
    """Return the messages to women among these previews."""
    ours = [preview for preview in previews if not preview.name.startswith(TO_STAFF)]
    return {("messages", preview.name): sentences_of_message(preview.message.text) for preview in ours}


def _open(world, path, host):
    client = world.enter("signed_out")
    client.post(path, {"pin": PIN}, headers={"host": host})
    return client.get(path, headers={"host": host}).text
