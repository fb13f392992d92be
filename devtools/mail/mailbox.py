"""The messages in the mail sink, one `.eml` file each, named by time and a hash of the Message-ID."""

import hashlib
import os
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from pathlib import Path

from devtools.stack import services

_NAME = re.compile(r"\d{8}T\d{6}\.\d{6}Z-[0-9a-f]{16}\.eml")


@dataclass(frozen=True)
class StoredMessage:
    name: str
    received_at: datetime
    message: EmailMessage


def delivery_status(message_id: str) -> str:
    """Return whether the sink has a message. The outbox asks this before it sends one again."""
    folder = services.var_folder() / "mail"
    if not folder.is_dir():
        return "unknown"
    return "accepted" if any(folder.glob(f"*-{_digest(message_id.encode())}.eml")) else "not_accepted"


def store(folder: Path, content: bytes) -> str:
    """Save the message under a new name, and return the name. Nobody sees half a file, and none is overwritten."""
    digest = _digest(_message_id(content))
    draft = folder / f".{secrets.token_hex(8)}"
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    while True:
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{digest}.eml"
        try:
            os.link(draft, folder / name)
        except FileExistsError:
            continue
        draft.unlink()
        return name


def newest_first(folder: Path) -> list[StoredMessage]:
    names = sorted((path.name for path in folder.glob("*.eml") if _NAME.fullmatch(path.name)), reverse=True)
    parser = BytesHeaderParser(policy=policy.default)
    return [_stored_message(name, parser.parsebytes((folder / name).read_bytes())) for name in names]


def find(folder: Path, name: str) -> StoredMessage | None:
    """Return the message with this name. Find nothing for a name that we did not make, whatever it points to."""
    if not _NAME.fullmatch(name) or not (folder / name).is_file():
        return None
    return _stored_message(name, BytesParser(policy=policy.default).parsebytes((folder / name).read_bytes()))


def _stored_message(name: str, message: EmailMessage) -> StoredMessage:
    received_at = datetime.strptime(name.partition("-")[0], "%Y%m%dT%H%M%S.%fZ").replace(tzinfo=UTC)
    return StoredMessage(name=name, received_at=received_at, message=message)


def _digest(message_id: bytes) -> str:
    return hashlib.sha256(message_id).hexdigest()[:16]


def _message_id(content: bytes) -> bytes:
    message = BytesHeaderParser(policy=policy.compat32).parsebytes(content)
    return str(message.get("Message-ID", "")).strip().encode(errors="replace")
