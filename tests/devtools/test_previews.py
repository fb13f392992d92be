"""Every kind of message, in each of its forms: no link goes to another host, and nothing is loaded."""

import html as entities
import re
from email import message_from_bytes
from email.policy import default as policy

import pytest
from django.conf import settings
from django.test.signals import template_rendered

from bookings.models.bookings import Booking
from boroughs.models.officers import Officer
from devtools.previews.scenes import previews
from outbox.composing.message_files import kinds
from outbox.models import Message
from outbox.sending.delivery import build_email
from tests.support.flowed_text import unwrap_flowed
from tests.support.reading_age import hard_to_read, long_sentences
from tests.support.reading_texts import texts_of_messages
from tests.support.sample_messages import REVEALING_WORDS

pytestmark = pytest.mark.django_db


@pytest.fixture
def samples(southwark, once=[]):  # noqa: B006  # written once for all tests, which only read
    once[:] = once or previews()
    return once


def find_links(html):
    return [entities.unescape(link) for link in re.findall(r'<a [^>]*?href="([^"]*)"', html)]


def test_previews_have_every_kind_and_save_no_row(southwark):
    used = set()

    def note(template, **kwargs):
        used.add(template.name or "")

    template_rendered.connect(note)
    try:
        previews()
    finally:
        template_rendered.disconnect(note)

    assert [kind for kind in kinds() if not any(name.endswith(f"/emails/{kind}.md") for name in used)] == []
    assert (Message.objects.count(), Booking.objects.count(), Officer.objects.count()) == (0, 0, 0)


def test_every_link_in_the_html_is_also_in_the_text_and_is_ours(samples):
    for sample in samples:
        links = find_links(sample.message.html)
        ours = [link for link in links if link.startswith((settings.PUBLIC_URL, settings.DISCREET_URL, "tel:"))]
        assert links == ours, sample.name
        web_links = [link for link in links if not link.startswith("tel:")]
        assert [link for link in web_links if link not in sample.message.text] == [], sample.name
        text_links = re.findall(r"https?://[^\s<>]+", sample.message.text)
        assert set(text_links) <= set(web_links), sample.name


def test_text_is_wrapped_without_breaking_links_phrases_or_labels(samples):
    for sample in samples:
        text = sample.message.text
        mail = message_from_bytes(build_email(sample.message).message().as_bytes(), policy=policy)
        content = mail.get_body(["plain"]).get_content()
        wide = [line for line in content.splitlines() if len(line) > 78]
        assert [line for line in wide if not re.fullmatch(r"\s*https?://\S+\s*", line)] == [], sample.name
        whole = re.findall(r"https?://\S+|“[^”]+”|^[^:\n]{1,40}:(?= )", text, re.M)
        assert [words for words in whole if words not in content] == [], sample.name
        assert unwrap_flowed(content) == text.strip(), sample.name


def test_html_loads_nothing(samples):
    for sample in samples:
        assert not re.search(r"<(img|script|link|iframe|form)|\bsrc=|url\(|@import|background=", sample.message.html)


def test_every_html_begins_with_a_preview_that_names_nobody_and_no_place(samples):
    for sample in samples:
        preview = re.search(r'<body[^>]*>\s*<div class="preview"[^>]*>([^<]*?)\u034f', sample.message.html)[1]
        assert preview.endswith((".", "?")) or preview in sample.message.subject, sample.name
        assert not re.search(r"Maya|Olive|Peckham|20\d\d", preview), sample.name


def test_discreet_messages_have_no_revealing_word(samples):
    discreet = [sample for sample in samples if sample.name.endswith("-discreet")]

    assert len(discreet) > 20
    for sample in discreet:
        content = build_email(sample.message).message().as_bytes()
        parts = list(message_from_bytes(content, policy=policy).walk())
        text = "\n".join(
            [f"{name}: {value}" for part in parts for name, value in part.items()]
            + [part.get_payload(decode=True).decode() for part in parts if not part.is_multipart()]
        )
        text = re.sub(r"/r/[\w-]{43}/", "", text).lower()
        assert [word for word in [*REVEALING_WORDS, "concern", "maya example", "lantern"] if word in text] == [], (
            sample.name
        )


def test_every_message_to_a_requester_is_easy_to_read(samples):
    texts = texts_of_messages(samples)

    assert len(texts) > 50
    assert hard_to_read(texts) == {}
    assert long_sentences(texts) == []


def test_pages_show_every_kind(client, southwark):
    listed = client.get("/dev/messages/").text
    text = client.get("/dev/messages/scheduled/").text
    html = client.get("/dev/messages/scheduled-discreet/html/")

    assert all(f"/dev/messages/{name}/" in listed for name in ("scheduled", "scheduled-discreet", "team-digest"))
    assert "green lantern" in text
    assert "There’s news about your appointment." in html.text
    assert "default-src 'none'" in html.headers["Content-Security-Policy"]
    assert client.get("/dev/messages/nothing/").status_code == 404


def test_pages_exist_only_in_development():
    source = (settings.BASE_DIR / "walkandtalk" / "urls.py").read_text()

    assert source.index("if settings.DEVELOPMENT:") < source.index('include("devtools.previews.urls")')
