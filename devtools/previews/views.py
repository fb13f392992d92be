"""Pages that preview every kind of message. Only the embedded stack has them."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from devtools.previews.scenes import MessagePreview, previews
from outbox.sending.mime import flowed

# As on the mail pages: the message's own styles and nothing else.
HTML_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-top-navigation allow-popups"


@login_not_required
@require_safe
def message_previews(request: HttpRequest) -> HttpResponse:
    return render(request, "devtools/previews.html", {"previews": previews()})


@login_not_required
@require_safe
def message_preview(request: HttpRequest, name: str) -> HttpResponse:
    preview = _find(name)
    return render(request, "devtools/preview.html", {"preview": preview, "text": flowed(preview.message.text)})


@login_not_required
@require_safe
def message_preview_html(request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse(_find(name).message.html, headers={"Content-Security-Policy": HTML_POLICY})


def _find(name: str) -> MessagePreview:
    matches = previews(only=name)
    if not matches:
        raise Http404
    return matches[0]
