"""Makes plain text from a message's tokens, so that the text and the HTML say the same."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markdown_it.token import Token

from walkandtalk.lib.markdown.parsing import is_button

ENDS_A_LABEL = (".", ":", "?", "!")


@dataclass(frozen=True)
class Block:
    """One paragraph, heading, list item or button. `is_introduced` means that our text before it ends with a colon."""

    kind: str
    text: str
    is_introduced: bool


def to_text(tokens: Sequence[Token]) -> str:
    """Return the text without markup: headings in capitals, list items after a dash, addresses spelled out."""
    text, previous_kind = "", ""
    for block in _blocks(tokens):
        text += _separator(previous_kind, block) + block.text
        previous_kind = block.kind
    return f"{text}\n"


def _blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    previous_text, is_introduced = "", False
    for opening, token in pairwise(tokens):
        if token.type != "inline":
            continue
        text = _inline_text(token, previous_text, is_introduced=is_introduced)
        if opening.type == "heading_open":
            yield Block("heading", text.upper(), is_introduced)
        elif opening.hidden:  # markdown-it hides the paragraph of an item
            yield Block("item", f"- {text}", is_introduced)
        else:
            yield Block("button" if is_button(token) else "paragraph", text, is_introduced)
        previous_text, is_introduced = text, _ends_with_colon(token.children or [])


def _separator(previous_kind: str, block: Block) -> str:
    """Return a blank line, unless the two blocks belong together."""
    if not previous_kind:
        return ""
    is_under_heading = previous_kind == "heading"
    is_next_item = previous_kind == block.kind == "item"
    is_introduced_button = block.kind == "button" and block.is_introduced
    return "\n" if is_under_heading or is_next_item or is_introduced_button else "\n\n"


def _inline_text(inline: Token, previous_text: str, *, is_introduced: bool) -> str:
    """Return the text of a block. `previous_text` is the block before it, which may introduce its link."""
    text, label_starts_at, href = "", 0, ""
    parts = inline.children or []
    for number, part in enumerate(parts):
        if part.type in ("softbreak", "hardbreak"):
            text = f"{text.rstrip()}\n"
        elif part.type == "link_open":
            label_starts_at, href = len(text), str(part.attrGet("href"))
            if number:
                is_introduced = _ends_with_colon(parts[:number])
        elif part.type == "link_close":
            lead, label = text[:label_starts_at], text[label_starts_at:]
            text = lead + _spell_out(label, href, lead or previous_text, is_introduced=is_introduced)
        else:
            text += part.content
    return text.rstrip()


def _ends_with_colon(parts: Sequence[Token]) -> bool:
    """Return whether the text ends with our own colon. A colon that a user typed is escaped (`text_special`)."""
    last = next((part for part in reversed(parts) if part.content.strip()), None)
    return last is not None and last.type == "text" and last.content.rstrip().endswith(":")


def _spell_out(label: str, href: str, lead: str, *, is_introduced: bool) -> str:
    """Return "Label: https://…", or the address alone if the text before it introduces it."""
    scheme, _, number = href.partition(":")
    if scheme in ("tel", "sms"):
        is_already_shown = number in re.sub(r"[^\d+]", "", lead)
        return "" if is_already_shown else label
    if label == href or is_introduced:
        return href
    return f"{label} {href}" if label.endswith(ENDS_A_LABEL) else f"{label}: {href}"
