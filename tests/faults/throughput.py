"""The rate at which messages are sent, beside a bare SMTP loop to the same server."""

import os
import signal
import smtplib
import time

from tests.faults.kills import delivered_within
from tests.faults.queue_messages import rows, write
from tests.faults.results import Result, clear, exactly

THREADS = 4
TIMEOUT_SECONDS = 120
TAKES = {"a server that answers immediately": 0.0, "one that takes 10 ms, as relays do": 0.01}


def run(rig, *, messages):
    """Compare two threads each of the loop and the worker with one connection that sends finished bytes."""
    rig.only(["worker", "loop"])
    return [figure for name, seconds in TAKES.items() for figure in _run(rig, name, seconds, messages)]


def _run(rig, name, linger, messages):
    rig.kill("sink")
    rig.linger = linger
    rig.start_sink()
    _signal(rig, signal.SIGSTOP)
    written = write(messages, label="throughput")
    bare = _bare_rate(rig, written)
    clear(rig.mail)
    _signal(rig, signal.SIGCONT)
    delivered_within(written, TIMEOUT_SECONDS)
    times = sorted(rows(written).filter(sent_at__isnull=False).values_list("sent_at", flat=True))
    rate = (len(times) - 1) / (times[-1] - times[0]).total_seconds()
    return [
        exactly(name, "sent", len(times), messages),
        Result(name, "messages a second, bare SMTP loop", bare, least=0),
        Result(name, f"messages a second, {THREADS} threads of ours", rate, least=0),
        Result(name, "ours beside the bare loop", rate / bare, least=0.5),
    ]


def _signal(rig, number):
    """Pause or continue the senders, so that starting them does not count."""
    for sender in ("worker", "loop"):
        os.killpg(rig.processes[sender].pid, number)


def _bare_rate(rig, written):
    """Return the messages a second of a bare loop that sends finished messages."""
    from outbox.sending.delivery import build_email

    emails = [(row.recipient, build_email(row).message().as_bytes()) for row in rows(written)]
    began = time.monotonic()
    with smtplib.SMTP("127.0.0.1", rig.smtp_port) as server:
        for recipient, content in emails:
            server.sendmail("hello@walkandtalk.example.com", recipient, content)
    return len(emails) / (time.monotonic() - began)
