"""The mail server of the embedded stack. It stores every message as a file, and nothing leaves the machine."""

import argparse
import asyncio
import os
import signal
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from devtools.mail import mailbox

LARGEST_MESSAGE = 10 * 1024 * 1024


class MessageHandler:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        content = envelope.content
        if not isinstance(content, bytes):
            return "554 No message"
        recipients = ", ".join(envelope.rcpt_tos)
        header = f"Return-Path: <{envelope.mail_from or ''}>\r\nDelivered-To: {recipients}\r\n".encode()
        name = mailbox.store(self.folder, header + content)
        return f"250 Kept as {name}"


async def serve(port: int, folder: Path) -> None:
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    handler = MessageHandler(folder)
    server = await loop.create_server(
        lambda: SMTP(handler, data_size_limit=LARGEST_MESSAGE, enable_SMTPUTF8=True, hostname="localhost", loop=loop),
        host="127.0.0.1",
        port=port,
    )
    async with server:
        await stopping.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description="Take mail and keep it as files.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args()
    os.umask(0o077)
    asyncio.run(serve(options.port, options.folder))


if __name__ == "__main__":
    main()
