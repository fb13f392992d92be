from email.message import EmailMessage

import pytest

from devtools.mail import mailbox
from devtools.stack import services


@pytest.fixture
def folder():
    folder = services.var_folder() / "mail"
    folder.mkdir(exist_ok=True)
    yield folder
    for path in folder.iterdir():
        path.unlink()


def a_message(subject="Your walk", html="<p>Hello <b>Amina</b></p>"):
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = "Walk and Talk <hello@example.com>"
    message["To"] = "amina@example.com"
    message["Message-ID"] = "<one@example.com>"
    message.set_content("Hello Amina. Press http://localhost:8000/my-walk/x/")
    message.add_alternative(html, subtype="html")
    message.add_attachment(b"BEGIN:VCALENDAR", maintype="text", subtype="calendar", filename="walk.ics")
    return message.as_bytes()


def test_mail_lists_messages_newest_first(client, folder):
    mailbox.store(folder, a_message("The older one"))
    mailbox.store(folder, a_message("The newer one"))

    page = client.get("/dev/mail/").content.decode()

    assert page.index("The newer one") < page.index("The older one")


def test_delivery_status_tells_whether_the_sink_has_a_message(folder):
    mailbox.store(folder, a_message())

    statuses = [mailbox.delivery_status(message_id) for message_id in ("<one@example.com>", "<two@example.com>")]

    assert statuses == ["accepted", "not_accepted"]


def test_delivery_status_is_unknown_without_a_mail_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("WALKANDTALK_VAR", str(tmp_path))

    assert mailbox.delivery_status("<one@example.com>") == "unknown"


def test_mail_page_without_messages_says_so(client, folder):
    assert "There are no messages yet." in client.get("/dev/mail/").content.decode()


def test_message_shows_headers_text_source_and_attachments(client, folder):
    name = mailbox.store(folder, a_message(html="<p>Hello <script>alert(1)</script></p>"))

    page = client.get(f"/dev/mail/{name}/").content.decode()

    assert "amina@example.com" in page
    assert 'href="http://localhost:8000/my-walk/x/"' in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)</script>" not in page
    assert "walk.ics (text/calendar, 15" in page


def test_message_html_is_sandboxed(client, folder):
    name = mailbox.store(folder, a_message())

    response = client.get(f"/dev/mail/{name}/html/")

    assert response.content.decode().strip() == "<p>Hello <b>Amina</b></p>"
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy


@pytest.mark.parametrize("name", ["..%2Fsecrets.json", "secrets.json", "20261122T050415.496690Z-468d3fa97ef4694d.eml"])
def test_message_with_an_invalid_name_is_not_found(client, folder, name):
    assert client.get(f"/dev/mail/{name}/").status_code == 404
    assert client.get(f"/dev/mail/{name}/html/").status_code == 404
