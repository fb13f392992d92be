from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest

from outbox import actions
from outbox.sending import delivery
from tests.support.flowed_text import unwrap_flowed

pytestmark = pytest.mark.django_db

CALENDAR = b"BEGIN:VCALENDAR\r\nSUMMARY:Zo\xc3\xab\r\nEND:VCALENDAR\r\n"


def write(message):
    return delivery.build_email(message).message().as_bytes()


def read(message):
    """Parse the message as an email client does after converting line ends."""
    return message_from_bytes(write(message).replace(b"\r\n", b"\n"), policy=policy.default)


def test_message_has_its_headers(queue):
    message = queue(send_after=datetime(2026, 12, 8, 18, 30, tzinfo=UTC))

    mail = read(message)

    assert dict(mail.items()) == {
        "From": "Walk and Talk <hello@walkandtalk.example.com>",
        "To": "ada@example.com",
        "Subject": "Your walk: Tuesday 8 December 2026, 6:30pm",
        "Date": "Tue, 08 Dec 2026 18:30:00 +0000",
        "Message-ID": f"<{message.pk}@walkandtalk.example.com>",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
        "Content-Type": 'text/plain; charset="utf-8"; format="flowed"',
        "Content-Transfer-Encoding": "7bit",
    }
    assert mail.get_content() == "Hello Ada. Your walk is booked.\n"


def test_text_html_and_calendar_are_in_the_right_parts(queue):
    calendar = actions.Attachment(
        "walk.ics", "text/calendar; method=PUBLISH; charset=utf-8", CALENDAR, alternative=True
    )
    picture = actions.Attachment("map.png", "image/png", b"\x89PNG")
    message = queue(html="<p>Hello Zoë</p>", attachments=[calendar, picture])

    mail = read(message)

    body, file, image = mail.iter_parts()
    text, html, invitation = body.iter_parts()
    assert (mail.get_content_type(), body.get_content_type()) == ("multipart/mixed", "multipart/alternative")
    assert (text.get_content_type(), html.get_content()) == ("text/plain", "<p>Hello Zoë</p>\n")
    for part in (invitation, file):
        assert part.get_content_type() == "text/calendar"
        assert part["Content-Type"].params == {"method": "PUBLISH", "charset": "utf-8"}
        assert part.get_payload(decode=True).split() == CALENDAR.split()
    assert (invitation.get_filename(), file.get_filename(), image.get_filename()) == (None, "walk.ics", "map.png")
    assert file.get_payload(decode=True) == CALENDAR
    assert image.get_content() == b"\x89PNG"


def test_same_row_makes_the_same_bytes(queue):
    calendar = actions.Attachment("walk.ics", "text/calendar", CALENDAR, alternative=True)
    message = queue(html="<p>Hello</p>", attachments=[calendar])

    again = type(message).objects.get(pk=message.pk)

    assert write(message) == write(again)


@pytest.mark.parametrize(
    "subject",
    ["Zoë’s walk 🙂", "שלום", "a" * 300, "é" * 300, "Your walk: " + "long words " * 40],
)
def test_subjects_in_any_script_and_length_are_unchanged(queue, subject):
    message = queue(subject=subject)

    assert read(message)["Subject"] == subject


@pytest.mark.parametrize("text", ["Zoë", "x" * 5000, "é" * 5000, "🙂 " * 2000, "From me\n.\n..\n"])
def test_lines_are_short_and_ascii(queue, text):
    message = queue(text=text, html=f"<p>{text}</p>", subject=text.split("\n")[0][:900])

    lines = write(message).split(b"\r\n")

    assert max(map(len, lines)) < 998
    assert b"\n" not in b"".join(lines)
    assert all(line.isascii() for line in lines)
    assert unwrap_flowed(read(message).get_body(["plain"]).get_content()) == text.strip()


@pytest.mark.parametrize("mark", [">", "From me", "- "])
def test_long_line_is_wrapped_and_can_be_joined_again(queue, mark):
    text = f"{mark}{'word ' * 40}says “green lantern”, then https://walk.example.com/{'x' * 80}/ and more"

    content = read(queue(text=text)).get_content()

    lines = [line for line in content.splitlines() if "https://" not in line]
    assert max(map(len, lines)) <= 78
    assert unwrap_flowed(content) == text
    assert f"\n https://walk.example.com/{'x' * 80}/ \n" in content
    assert "“green lantern”" in content


def test_wrapping_never_puts_typed_text_at_the_start_of_a_line(queue):
    for width in range(60, 80):
        text = f"Hello {'M' * width} Meet: behind the shed. Your walk is booked as you asked for it."

        content = read(queue(text=text, dedupe_key=f"booking:1:scheduled:{width}:requester")).get_content()

        assert not [line for line in content.splitlines() if line.startswith("Meet:")]


def test_long_domain_does_not_break_the_message_id(queue):
    message = queue(domain="a-rather-long-but-neutral-name.appointments.example.com")

    assert f"\r\nMessage-ID: {message.message_id}\r\n".encode() in write(message)


def test_discreet_message_is_not_revealing(queue):
    message = queue(
        sender="Appointments <hello@appointments.example.com>",
        subject="Your appointment",
        text="Hello.\n",
        html="<p>Hello.</p>",
    )

    content = write(message).lower()

    assert f"<{message.pk}@appointments.example.com>".encode() in content
    for word in (b"walk", b"police", b"x-mailer", b"django", b"python"):
        assert word not in content
