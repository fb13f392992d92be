"""The bytes of a message: the same ones for the same row, however often it is sent."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import ContentTypeHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from typing import cast

from django.core.mail import EmailMultiAlternatives

# "7bit": servers that do not know 8BITMIME are still about, so what is not ASCII travels encoded.
POLICY = SMTP.clone(cte_type="7bit")
WIDTH = 78
"""Signs a line, as RFC 5322 asks for."""
# A link holds no space, and what somebody says or shows, in quotation marks, stays on one line.
UNBROKEN = re.compile(r"(?:“[^“”]{1,60}”|\S)+")


@dataclass(frozen=True)
class Identity:
    """What makes one message itself: every try repeats it."""

    uuid_hex: str
    message_id: str
    date: datetime


class Email(EmailMultiAlternatives):
    """Django's email, so that every backend takes it, but written by Python's own modern `email` package."""

    identity: Identity
    before_content: Callable[[], None] | None = None

    def message(self, *, policy: Policy | None = None) -> EmailMessage:
        mail = EmailMessage(policy or POLICY)
        mail["From"] = self.from_email
        mail["To"] = self.to[0]
        mail["Subject"] = self.subject
        mail["Date"] = self.identity.date
        mail["Message-ID"] = self.identity.message_id
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(flowed(str(self.body)), params={"format": "flowed"})
        for content, mimetype in self.alternatives:
            kind = _content_type(mimetype)
            mail.add_alternative(content, subtype=kind.subtype, params=_other_params(kind))
        for filename, content, mimetype in self.attachments:
            kind = _content_type(mimetype)
            data = content.encode() if isinstance(content, str) else content
            mail.add_attachment(
                data, maintype=kind.maintype, subtype=kind.subtype, filename=filename, params=dict(kind.params)
            )
        _fix_boundaries(mail, self.identity.uuid_hex)
        return mail


def flowed(text: str) -> str:
    """In short lines, which a mail program joins again (RFC 3676): one that ends in a space goes on in the next.

    What goes on is set in by a space, which is no part of the text: nobody can type a line that looks like one of ours.
    """
    return "\n".join(part for line in text.split("\n") for part in _in_parts(line.rstrip()))


def _in_parts(line: str) -> Iterator[str]:
    part = " " if line.startswith((" ", ">", "From ")) else ""
    if len(part) + len(line) <= WIDTH:
        yield part + line
        return
    for word in UNBROKEN.findall(line):
        if part.strip() and len(part) + len(word) >= WIDTH:
            yield part
            part = " "
        part += f"{word} "
    yield part.rstrip()


def _content_type(mimetype: str) -> ContentTypeHeader:
    return cast(ContentTypeHeader, SMTP.header_factory("Content-Type", mimetype))


def _other_params(kind: ContentTypeHeader) -> dict[str, str]:
    """Text is always UTF-8 here, and the content manager says so itself."""
    return {name: value for name, value in kind.params.items() if name != "charset"}


def _fix_boundaries(mail: EmailMessage, seed: str) -> None:
    # "=_" is in no quoted-printable and no base64 text, so a boundary can never be part of a body.
    for number, part in enumerate(part for part in mail.walk() if part.is_multipart()):
        part.set_boundary(f"=_{seed}_{number}")
