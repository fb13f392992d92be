"""A real SMTP server in the test's process, with answers that the test chooses."""

import threading
from collections import deque

from tests.support.wait_until import wait_until


class Sink:
    """An SMTP server. Each message gets the next of `answers`, and 250 when they are used up.

    An answer is a reply line, "drop" (close the connection after the content) or "hang" (wait until released).
    """

    def __init__(self):
        self.received = []
        self.answers = deque()
        self.recipient_answers = deque()
        self.greetings = []
        self.at_recipient = self.at_data = None
        self.release = threading.Event()
        self.connections = []

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802
        session.host_name = hostname
        self.greetings.append(hostname)
        self.connections.append(server)
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.at_recipient:
            await server.loop.run_in_executor(None, self.at_recipient)
        answer = self.recipient_answers.popleft() if self.recipient_answers else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.received.append(envelope)
        answer = self.answers.popleft() if self.answers else "250 OK"
        if self.at_data:
            await server.loop.run_in_executor(None, self.at_data)
        if answer == "drop":
            server.transport.abort()
            return "250 never seen"
        if answer == "hang":
            await server.loop.run_in_executor(None, self.release.wait, 10)
        return answer

    def hang_up(self):
        """Close the connection, as a server does with an idle client."""
        last = self.connections[-1]
        last.loop.call_soon_threadsafe(last.transport.abort)
        wait_until(lambda: last.transport is None or last.transport.is_closing())

    @property
    def contents(self):
        return [envelope.content for envelope in self.received]
