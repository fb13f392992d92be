"""The bytes of a message, which are the same each time that its row is sent."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import BaseHeader, ContentTypeHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from typing import cast
from uuid import UUID

from django.core.mail import EmailMultiAlternatives

from walkandtalk.lib.monitoring.request_ids import HEADER


class AddressOnOneLine(UnstructuredHeader, BaseHeader):
    """A header that is one address in ASCII. Python would encode one of more than 78 characters as if it were words."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


HEADERS = HeaderRegistry()
HEADERS.map_to_type("list-unsubscribe", AddressOnOneLine)
# "7bit", because some servers still do not know 8BITMIME: anything beyond ASCII is encoded.
POLICY = SMTP.clone(cte_type="7bit", header_factory=HEADERS)
WIDTH = 78
"""Characters per line, as RFC 5322 recommends."""
# A link contains no space. Words in quotation marks, which someone says or shows, stay on one line.
UNBROKEN = re.compile(r"(?:“[^“”]{1,60}”|\S)+")


@dataclass(frozen=True)
class Identity:
    """The parts that identify a message, the same in every attempt."""

    uuid_hex: str
    message_id: str
    date: datetime
    request_id: UUID | None = None
    """Random, and the beginning of it is on the error page of that request."""


class Email(EmailMultiAlternatives):
    """An email that every Django backend accepts, written by Python's modern `email` package."""

    identity: Identity
    unsubscribe_url: str | None = None
    before_content: Callable[[], None] | None = None

    def message(self, *, policy: Policy | None = None) -> EmailMessage:
        mail = EmailMessage(policy or POLICY)
        mail["From"] = self.from_email
        mail["To"] = self.to[0]
        mail["Subject"] = self.subject
        mail["Date"] = self.identity.date
        mail["Message-ID"] = self.identity.message_id
        mail["Auto-Submitted"] = "auto-generated"
        if self.identity.request_id:
            mail[HEADER] = str(self.identity.request_id)
        if self.unsubscribe_url:
            mail["List-Unsubscribe"] = f"<{self.unsubscribe_url}>"
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
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
    """Break the text into short lines, which email clients join where a line ends in a space (RFC 3676).

    Each continuation starts with a space that is not part of the text, so that nobody can type a line that looks like
    one of ours.
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
    """Return all parameters except the charset: text is always UTF-8, and the content manager says so."""
    return {name: value for name, value in kind.params.items() if name != "charset"}


def _fix_boundaries(mail: EmailMessage, seed: str) -> None:
    # "=_" occurs in no quoted-printable or base64 text, so a boundary can never be part of a body.
    for number, part in enumerate(part for part in mail.walk() if part.is_multipart()):
        part.set_boundary(f"=_{seed}_{number}")
