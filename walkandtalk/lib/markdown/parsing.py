"""Read the part of Markdown that our messages use: paragraphs, headings, lists, boxes, links, lines and bold."""

from collections.abc import MutableMapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

RULES = ["blockquote", "emphasis", "entity", "escape", "heading", "hr", "link", "list", "newline"]
"""HTML, pictures, references and code are switched off, so that typed text can't produce them."""

BUTTON_START = '<table role="presentation" class="button" cellpadding="0" cellspacing="0" border="0"><tr><td>'
BUTTON_END = "</td></tr></table>\n"
"""A table of one cell: Outlook gives a cell its colour, but not a link."""

Env = MutableMapping[str, Any]


class MessageRenderer(RendererHTML):
    """A new line is a paragraph of its own, a quotation is a box, and a paragraph that is one link is a button.

    A paragraph that begins with a bold label and a colon is a fact. The style sheet puts its label above it.
    """

    def text_special(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        return escapeHtml(tokens[idx].content)

    def softbreak(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        return f"</p>\n{_paragraph_start(tokens[idx + 1 :])}"

    def blockquote_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        return '<div class="boxed">\n'

    def blockquote_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        return "</div>\n"

    def paragraph_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        if tokens[idx].hidden:  # markdown-it hides the paragraph of an item
            return self.renderToken(tokens, idx, options, env)
        return BUTTON_START if is_button(tokens[idx + 1]) else _paragraph_start(tokens[idx + 1].children or [])

    def paragraph_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        if not tokens[idx].hidden and is_button(tokens[idx - 1]):
            return BUTTON_END
        return self.renderToken(tokens, idx, options, env)


_MARKDOWN = MarkdownIt("zero", renderer_cls=MessageRenderer).enable(RULES).disable("text_join")
"""Every escaped character stays a token of its own, `text_special`, which tells typed punctuation from ours."""


def parse(source: str) -> list[Token]:
    """Return the tokens that become both the HTML and the plain text."""
    return _MARKDOWN.parse(source)


def to_html(tokens: Sequence[Token]) -> str:
    html: str = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return html


def _paragraph_start(parts: Sequence[Token]) -> str:
    """Return the tag that opens a paragraph of these parts. A colon that a user typed makes no fact of it."""
    parts = [part for part in parts if part.type != "text" or part.content]
    is_bold = len(parts) > 1 and parts[0].type == "strong_open"
    closing = next((number for number, part in enumerate(parts) if part.type == "strong_close"), 0)
    is_labelled = is_bold and parts[closing - 1].type == "text" and parts[closing - 1].content.endswith(":")
    return '<p class="fact">' if is_labelled else "<p>"


def is_button(inline: Token) -> bool:
    """Return whether a paragraph is one link with a label. A bare address is not a button."""
    parts = inline.children or []
    if not parts or parts[0].type != "link_open" or parts[-1].type != "link_close":
        return False
    links = sum(part.type == "link_open" for part in parts)
    label = "".join(part.content for part in parts)
    return links == 1 and label != parts[0].attrGet("href")
