"""Pages that show the mail of the embedded stack. They are open to everyone, and exist only in development."""

from email.message import EmailMessage
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from devtools.mail import mailbox
from devtools.stack import services

# Show the HTML as an email client does: its own styles, no scripts, nothing from elsewhere and none of our cookies.
HTML_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-top-navigation allow-popups"
SHOWN_HEADERS = ("Date", "From", "To", "Reply-To", "Message-ID", "Return-Path", "Delivered-To")


@login_not_required
@require_safe
def mail(request: HttpRequest) -> HttpResponse:
    return render(request, "devtools/mail.html", {"messages_kept": mailbox.newest_first(_folder())})


@login_not_required
@require_safe
def message(request: HttpRequest, name: str) -> HttpResponse:
    stored = _get(name)
    context = {
        "subject": stored.message["Subject"],
        "headers": [(header, stored.message[header]) for header in SHOWN_HEADERS if stored.message[header]],
        "text": _body(stored.message, "plain"),
        "html": _body(stored.message, "html"),
        "attachments": [_attachment(part) for part in _other_parts(stored.message)],
        "name": name,
    }
    return render(request, "devtools/message.html", context)


@login_not_required
@require_safe
def message_html(request: HttpRequest, name: str) -> HttpResponse:
    html = _body(_get(name).message, "html")
    if not html:
        raise Http404
    return HttpResponse(html, headers={"Content-Security-Policy": HTML_POLICY})


def _folder() -> Path:
    return services.var_folder() / "mail"


def _get(name: str) -> mailbox.StoredMessage:
    stored = mailbox.find(_folder(), name)
    if stored is None:
        raise Http404
    return stored


def _body(kept: EmailMessage, kind: str) -> str:
    part = kept.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part is not None else ""


def _other_parts(kept: EmailMessage) -> list[EmailMessage]:
    """Return the parts except text and HTML. A calendar entry is there twice: as an alternative and as a file."""
    leaves = [part for part in kept.walk() if not part.is_multipart() and isinstance(part, EmailMessage)]
    bodies = [kept.get_body(preferencelist=(kind,)) for kind in ("plain", "html")]
    return [part for part in leaves if all(part is not body for body in bodies)]


def _attachment(part: EmailMessage) -> dict[str, str | int]:
    content = part.get_payload(decode=True)
    return {
        "filename": part.get_filename() or "alternative part",
        "content_type": part.get_content_type(),
        "size": len(content) if isinstance(content, bytes) else 0,
    }
