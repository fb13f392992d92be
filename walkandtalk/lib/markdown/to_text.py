"""Plain text from the tokens of a message, so that it says what the HTML says."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markdown_it.token import Token

from walkandtalk.lib.markdown.parsing import is_button

ENDS_A_LABEL = (".", ":", "?", "!")


@dataclass(frozen=True)
class Block:
    """One paragraph, heading or list item. It is introduced if our words just before it end with a colon."""

    kind: str
    words: str
    is_introduced: bool


def to_text(tokens: Sequence[Token]) -> str:
    """Return the text without markup: headings in capitals, list items after a dash, addresses spelled out."""
    text, last = "", ""
    for block in _blocks(tokens):
        text += _separator(last, block) + block.words
        last = block.kind
    return f"{text}\n"


def _blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    before, is_introduced = "", False
    for opening, token in pairwise(tokens):
        if token.type != "inline":
            continue
        words = _words(token, before, is_introduced=is_introduced)
        if opening.type == "heading_open":
            yield Block("heading", words.upper(), is_introduced)
        elif opening.hidden:  # markdown-it hides the paragraph of an item
            yield Block("item", f"- {words}", is_introduced)
        else:
            yield Block("button" if is_button(token) else "paragraph", words, is_introduced)
        before, is_introduced = words, _introduces(token.children or [])


def _separator(last: str, block: Block) -> str:
    """Return a blank line, unless the two blocks belong together."""
    if not last:
        return ""
    is_under_heading = last == "heading"
    is_next_item = last == block.kind == "item"
    is_introduced_button = block.kind == "button" and block.is_introduced
    return "\n" if is_under_heading or is_next_item or is_introduced_button else "\n\n"


def _words(inline: Token, before: str, *, is_introduced: bool) -> str:
    """Return the words of a block. `before` and `is_introduced` speak of the block before, which may lead to a link."""
    words, label_starts_at, href = "", 0, ""
    parts = inline.children or []
    for number, part in enumerate(parts):
        if part.type in ("softbreak", "hardbreak"):
            words = f"{words.rstrip()}\n"
        elif part.type == "link_open":
            label_starts_at, href = len(words), str(part.attrGet("href"))
            if number:
                is_introduced = _introduces(parts[:number])
        elif part.type == "link_close":
            lead, label = words[:label_starts_at], words[label_starts_at:]
            words = lead + _spell_out(label, href, lead or before, is_introduced=is_introduced)
        else:
            words += part.content
    return words.rstrip()


def _introduces(parts: Sequence[Token]) -> bool:
    """Return whether these words end with a colon of ours. One that somebody typed is escaped, a `text_special`."""
    last = next((part for part in reversed(parts) if part.content.strip()), None)
    return last is not None and last.type == "text" and last.content.rstrip().endswith(":")


def _spell_out(label: str, href: str, before: str, *, is_introduced: bool) -> str:
    """Return "Label: https://…", or the address alone where the words before have introduced it."""
    if href.startswith("tel:"):
        is_already_shown = href.removeprefix("tel:") in re.sub(r"[^\d+]", "", before)
        return "" if is_already_shown else label
    if label == href or is_introduced:
        return href
    return f"{label} {href}" if label.endswith(ENDS_A_LABEL) else f"{label}: {href}"
