from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.mail import BadHeaderError
from django.db import connection, transaction
from django.utils import timezone

from outbox import actions
from outbox.models import Message
from outbox.statuses import State
from walkandtalk.celery import app


@pytest.mark.django_db
def test_queue_message_saves_every_field(queue):
    hour = datetime(2026, 12, 8, 18, 30, tzinfo=UTC)

    queue(
        dedupe_key="booking:7:scheduled:3:requester",
        html="<p>Hello</p>",
        version=3,
        send_after=hour - timedelta(hours=1),
        expires_at=hour,
        attachments=[actions.Attachment("a.txt", "text/plain", b"\x00\xff")],
    )

    saved = Message.objects.get()
    assert (saved.kind, saved.thread, saved.version, saved.state) == ("scheduled", "requester:1", 3, State.PENDING)
    assert (saved.recipient, saved.html) == ("ada@example.com", "<p>Hello</p>")
    assert (saved.next_at, saved.expires_at) == (hour - timedelta(hours=1), hour)
    assert saved.message_id == f"<{saved.pk}@walkandtalk.example.com>"
    assert saved.attachments == [
        {"filename": "a.txt", "mimetype": "text/plain", "content": "AP8=", "alternative": False}
    ]


@pytest.mark.django_db
def test_queue_message_saves_each_key_once(queue):
    first = queue(dedupe_key="booking:7:scheduled:3:requester", subject="first")
    second = queue(dedupe_key="booking:7:scheduled:3:requester", subject="second")

    assert first == second
    assert Message.objects.get().subject == "first"


@pytest.mark.django_db
def test_queue_message_keeps_the_order_of_events(queue):
    messages = [queue() for _ in range(5)]

    assert list(Message.objects.in_thread("requester:1")) == messages


@pytest.mark.django_db
def test_queue_message_uses_the_given_domain(queue):
    message = queue(domain="appointments.example.com")

    assert message.message_id == f"<{message.pk}@appointments.example.com>"


@pytest.mark.django_db(transaction=True)
def test_actions_need_a_transaction(queue):
    with pytest.raises(RuntimeError, match="in the transaction"):
        actions.queue_message(
            dedupe_key="a:b:c", thread="t", recipient="a@example.com", sender="b@example.com", subject="", text=""
        )
    with pytest.raises(RuntimeError, match="in the transaction"):
        actions.supersede("t")
    with pytest.raises(RuntimeError, match="in the transaction"):
        actions.erase_thread("t")


@pytest.mark.django_db(transaction=True)
def test_message_is_rolled_back_with_its_event(queue):
    with transaction.atomic():
        queue()
        transaction.set_rollback(True)

    assert not Message.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["recipient", "sender", "subject"])
@pytest.mark.parametrize("break_", ["\n", "\r\nBcc: eve@example.com", "\x00", "\u2028"])
def test_queue_message_refuses_line_breaks_in_headers(queue, field, break_):
    with pytest.raises(BadHeaderError) as raised:
        queue(**{field: f"ada@example.com{break_}"})

    assert "ada" not in str(raised.value)


@pytest.mark.django_db
def test_queue_message_refuses_line_breaks_in_file_names(queue):
    with pytest.raises(BadHeaderError):
        queue(attachments=[actions.Attachment("a\r\nb.ics", "text/calendar", b"")])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "recipient", ["", "ada", "a@example.com, b@example.com", "Ada <a@example.com>", "a@example.com;b@example.com"]
)
def test_queue_message_accepts_only_one_address(queue, recipient):
    with pytest.raises(ValidationError):
        queue(recipient=recipient)


@pytest.mark.django_db
def test_queue_message_needs_a_key_with_its_kind(queue):
    with pytest.raises(ValueError, match="dedupe key"):
        queue(dedupe_key="scheduled")


@pytest.mark.django_db
def test_supersede_affects_unsent_messages_of_the_thread(queue):
    pending, retry, sent, failed = queue(), queue(), queue(), queue()
    other = queue(thread="requester:2")
    Message.objects.filter(pk=retry.pk).update(state=State.RETRY)
    Message.objects.filter(pk=sent.pk).update(state=State.SENT, sent_at=timezone.now())
    Message.objects.filter(pk=failed.pk).update(state=State.FAILED)

    count = actions.supersede("requester:1")

    assert count == 2
    assert list(Message.objects.order_by("number").values_list("pk", "state")) == [
        (pending.pk, State.SUPERSEDED),
        (retry.pk, State.SUPERSEDED),
        (sent.pk, State.SENT),
        (failed.pk, State.FAILED),
        (other.pk, State.PENDING),
    ]


@pytest.mark.django_db
def test_supersede_affects_only_the_given_kinds(queue):
    reminder, received = (
        queue(dedupe_key="booking:7:reminder:1:requester"),
        queue(dedupe_key="booking:7:received:0:requester"),
    )

    count = actions.supersede("requester:1", kinds=["reminder"])

    reminder.refresh_from_db()
    received.refresh_from_db()
    assert (count, reminder.state, received.state) == (1, State.SUPERSEDED, State.PENDING)


@pytest.mark.django_db(transaction=True)
def test_message_is_delivered_after_the_commit(queue, monkeypatch, mailoutbox):
    monkeypatch.setitem(app.conf, "task_always_eager", True)

    with transaction.atomic():
        queue()
        previous_count = len(mailoutbox)

    assert (previous_count, len(mailoutbox)) == (0, 1)


@pytest.mark.django_db(transaction=True)
def test_second_message_with_a_key_delivers_nothing(queue, monkeypatch, mailoutbox):
    monkeypatch.setitem(app.conf, "task_always_eager", True)
    queue(dedupe_key="booking:7:scheduled:3:requester")

    queue(dedupe_key="booking:7:scheduled:3:requester", subject="second")

    assert [mail.subject for mail in mailoutbox] == ["Your walk: Tuesday 8 December 2026, 6:30pm"]


@pytest.mark.django_db
def test_message_table_has_no_readable_personal_data(queue):
    calendar = actions.Attachment("canary.ics", "text/calendar", b"canary-7431 in the calendar")
    queue(
        recipient="canary-7431@example.com",
        subject="canary-7431",
        text="canary-7431",
        html="canary-7431",
        attachments=[calendar],
    )

    with connection.cursor() as cursor:
        cursor.execute("SELECT to_json(m)::text FROM outbox_message m")
        dump = cursor.fetchone()[0]

    assert "booking:0:scheduled:1:requester" in dump
    for secret in ("canary", b"canary".hex(), "Y2FuYXJ5"):
        assert secret not in dump


# --- Erasure ---------------------------------------------------------------------------------------------------------

FILE = actions.Attachment("a.txt", "text/plain", b"secret")


def content(message):
    message = Message.objects.get(pk=message.pk)
    return [message.recipient, message.subject, message.text, message.html, message.attachments]


@pytest.mark.django_db
@pytest.mark.parametrize("state", [State.SENT, State.FAILED, State.EXPIRED, State.SUPERSEDED])
def test_erase_empties_the_content_and_keeps_the_row(state, queue):
    message = queue(html="<p>Hello Ada</p>", attachments=[FILE])
    Message.objects.update(state=state, sent_at=timezone.now())
    names = [field.name for field in Message._meta.fields if "Encrypted" not in type(field).__name__]
    previous = Message.objects.values(*names).get()

    erased = actions.erase_thread("requester:1")

    assert erased == 1
    assert content(message) == ["", "", "", "", []]
    assert Message.objects.values(*names).get() == previous


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "becomes"),
    [
        (State.PENDING, State.SUPERSEDED),
        (State.RETRY, State.SUPERSEDED),
        (State.SENDING, State.SENDING),  # its sender checks `superseded_at` before the content
    ],
)
def test_erase_stops_unsent_messages(state, becomes, queue):
    message = queue()
    lease = {"lease_until": timezone.now(), "lease_token": message.pk} if state == State.SENDING else {}
    Message.objects.update(state=state, **lease)

    actions.erase_thread("requester:1")

    saved = Message.objects.get()
    assert saved.state == becomes
    assert saved.superseded_at is not None
    assert not Message.objects.claimable(timezone.now() + timedelta(days=1)).exists()
    assert content(message)[2] == ""


@pytest.mark.django_db
def test_erase_leaves_other_threads_alone(queue):
    other = queue(thread="requester:11")

    actions.erase_thread("requester:1")

    assert content(other)[0] == "ada@example.com"
    assert Message.objects.get().superseded_at is None


@pytest.mark.django_db
def test_erase_works_without_the_old_key(queue, settings):
    message = queue()
    settings.FIELD_KEYS = ["new:" + "A" * 43 + "="]

    actions.erase_thread("requester:1")

    assert content(message)[2] == ""
