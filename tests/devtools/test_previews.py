"""Every kind of message there is, in each of its forms: nothing in them leads or looks elsewhere."""

import html as entities
import re
from email import message_from_bytes
from email.policy import default as policy

import pytest
from django.conf import settings
from django.test.signals import template_rendered

from bookings.models.bookings import Booking
from bookings.notices.message_files import kinds
from boroughs.models.officers import Officer
from devtools.previews.scenes import previews
from outbox.models import Message
from outbox.sending.delivery import build_email
from tests.support.flowed_text import unwrap_flowed
from tests.support.sample_messages import REVEALING_WORDS

pytestmark = pytest.mark.django_db


@pytest.fixture
def written(southwark, once=[]):  # noqa: B006  # written once for all tests, which only read
    once[:] = once or previews()
    return once


def links_of(html):
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


def test_every_link_of_the_html_stands_in_the_text_and_is_ours(written):
    for sample in written:
        links = links_of(sample.message.html)
        ours = [link for link in links if link.startswith((settings.PUBLIC_URL, settings.DISCREET_URL, "tel:"))]
        assert links == ours, sample.name
        said = [link for link in links if not link.startswith("tel:")]
        assert [link for link in said if link not in sample.message.text] == [], sample.name
        found = re.findall(r"https?://[^\s<>]+", sample.message.text)
        assert set(found) <= set(said), sample.name


def test_text_is_wrapped_without_breaking_links_phrases_or_labels(written):
    for sample in written:
        text = sample.message.text
        mail = message_from_bytes(build_email(sample.message).message().as_bytes(), policy=policy)
        sent = mail.get_body(["plain"]).get_content()
        wide = [line for line in sent.splitlines() if len(line) > 78]
        assert [line for line in wide if not re.fullmatch(r"\s*https?://\S+\s*", line)] == [], sample.name
        whole = re.findall(r"https?://\S+|“[^”]+”|^[^:\n]{1,40}:(?= )", text, re.M)
        assert [words for words in whole if words not in sent] == [], sample.name
        assert unwrap_flowed(sent) == text.strip(), sample.name


def test_html_loads_nothing(written):
    for sample in written:
        assert not re.search(r"<(img|script|link|iframe|form)|\bsrc=|url\(|@import|background=", sample.message.html)


def test_every_html_begins_with_a_preview_that_names_nobody_and_no_place(written):
    for sample in written:
        preview = re.search(r'<body[^>]*>\s*<div class="preview"[^>]*>([^<]*?)\u034f', sample.message.html)[1]
        assert preview.endswith((".", "?")) or preview in sample.message.subject, sample.name
        assert not re.search(r"Maya|Olive|Peckham|20\d\d", preview), sample.name


def test_discreet_messages_have_no_revealing_word(written):
    discreet = [sample for sample in written if sample.name.endswith("-discreet")]

    assert len(discreet) > 20
    for sample in discreet:
        content = build_email(sample.message).message().as_bytes()
        parts = list(message_from_bytes(content, policy=policy).walk())
        said = "\n".join(
            [f"{name}: {value}" for part in parts for name, value in part.items()]
            + [part.get_payload(decode=True).decode() for part in parts if not part.is_multipart()]
        )
        said = re.sub(r"/r/[\w-]{43}/", "", said).lower()
        assert [word for word in [*REVEALING_WORDS, "concern", "maya example", "lantern"] if word in said] == [], (
            sample.name
        )


def test_pages_show_every_kind(client, southwark):
    listed = client.get("/dev/messages/").text
    text = client.get("/dev/messages/scheduled/").text
    html = client.get("/dev/messages/scheduled-discreet/html/")

    assert all(f"/dev/messages/{name}/" in listed for name in ("scheduled", "scheduled-discreet", "team-digest"))
    assert "green lantern" in text
    assert "There is news about your appointment." in html.text
    assert "default-src 'none'" in html.headers["Content-Security-Policy"]
    assert client.get("/dev/messages/nothing/").status_code == 404


def test_pages_exist_only_in_development():
    source = (settings.BASE_DIR / "walkandtalk" / "urls.py").read_text()

    assert source.index("if settings.DEVELOPMENT:") < source.index('include("devtools.previews.urls")')
