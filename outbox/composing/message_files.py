"""Message files: each has a subject, a preview line, a body in Markdown and, for some kinds, a discreet form."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.template import Context as TemplateContext
from django.template import Engine, Template

from walkandtalk.lib.markdown.escaping import escape_values
from walkandtalk.lib.markdown.parsing import parse
from walkandtalk.lib.markdown.to_text import to_text

FENCE = "---\n"
DISCREET = "\n--- discreet ---\n"

Context = dict[str, object]


@dataclass(frozen=True)
class MessageForm:
    """The full or discreet form of a message, before it becomes text or HTML."""

    subject: str
    preview: str
    body: str


def kinds(*, is_discreet: bool = False) -> list[str]:
    """Return every kind of message that has this form, by name."""
    return sorted(kind for kind, path in _templates().items() if _has_form(_file(path).source, is_discreet=is_discreet))


def _has_form(source: str, *, is_discreet: bool) -> bool:
    """Some messages are always discreet, so a file may begin with that form."""
    full, marker, _discreet = source.partition(DISCREET)
    return bool(marker) if is_discreet else FENCE in full


def read_form(kind: str, context: Context, *, is_discreet: bool) -> MessageForm:
    """Fill in the full or discreet form. No value in the context can add Markdown or a new line."""
    full, _, discreet = render_markdown(_templates()[kind], context).partition(DISCREET)
    if not is_discreet:
        if FENCE not in full:
            raise ValueError(f"{kind} has no full form.")
        return _split(full)
    if not discreet:
        raise ValueError(f"{kind} has no discreet form.")
    return _split(discreet)


def render_markdown(template: str, context: Context) -> str:
    values = {name: escape_values(value) for name, value in context.items()}
    return str(_file(template).render(TemplateContext(values)))


def _split(source: str) -> MessageForm:
    """Return the fields between the fences as plain text, and everything after them unchanged as the body."""
    _, head, body = source.split(FENCE, 2)
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    return MessageForm(body=body, **{name: to_text(parse(value)).strip() for name, value in fields.items()})


def _file(path: str) -> Template:
    return Engine.get_default().get_template(path)


@cache
def _templates() -> dict[str, str]:
    """Return the path of each kind's file, like "bookings/triage/emails/booking_declined.md"."""
    folder = settings.BASE_DIR / "templates"
    return {path.stem: str(path.relative_to(folder)) for path in folder.glob("**/emails/*.md")}
