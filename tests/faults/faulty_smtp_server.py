"""A mail server that misbehaves as each address says. It keeps accepted messages, like the sink of `make run`.

The part after the plus says how: `ada+451x2@example.com` gets 451 twice and is then accepted. `550` alone is for ever.

    421, 450, 451, 550   replies after the content         at550   replies at RCPT TO
    lose                 disconnects without keeping it    drop    disconnects after keeping it
    hang                 never replies
"""

import argparse
import asyncio
import re
from collections import Counter
from pathlib import Path

from aiosmtpd.smtp import SMTP

from devtools.mail import mailbox

RULE = re.compile(r"\+(?P<how>[a-z0-9]+?)(x(?P<times>\d+))?@")
HANG_SECONDS = 60


class Handler:
    def __init__(self, folder, linger):
        self.folder = folder
        self.linger = linger  # seconds from keeping a message to the reply: a kill in between makes a duplicate
        self.told = Counter()

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        how = self._how(address, at_recipient=True)
        if how:
            return f"{how.removeprefix('at')} no"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        how = self._how(envelope.rcpt_tos[0], at_recipient=False)
        if how.isdigit():
            return f"{how} as this address asked"
        if how == "hang":
            await asyncio.sleep(HANG_SECONDS)
        if how == "lose":
            server.transport.abort()
            return "250 never seen"
        name = mailbox.store(self.folder, envelope.content)
        if how == "drop":
            server.transport.abort()
        await asyncio.sleep(self.linger)
        return f"250 Kept as {name}"

    def _how(self, address, *, at_recipient):
        match = RULE.search(address)
        if match is None or match["how"].startswith("at") != at_recipient:
            return ""
        self.told[address] += 1
        return match["how"] if self.told[address] <= int(match["times"] or 10**6) else ""


async def serve(port, folder, linger):
    loop = asyncio.get_running_loop()
    handler = Handler(folder, linger)
    server = await loop.create_server(
        lambda: SMTP(handler, hostname="localhost", loop=loop), host="127.0.0.1", port=port
    )
    async with server:
        await server.serve_forever()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--linger", type=float, default=0.0)
    options = parser.parse_args()
    asyncio.run(serve(options.port, options.folder, options.linger))


if __name__ == "__main__":
    main()
