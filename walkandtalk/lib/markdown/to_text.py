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
    """One paragraph, heading or item of a list."""

    kind: str
    words: str


def to_text(tokens: Sequence[Token]) -> str:
    """Return the text without markup: headings in capitals, items after a dash, addresses spelled out."""
    text, last = "", ""
    for block in _blocks(tokens):
        text += _joint(last, block.kind, text) + block.words
        last = block.kind
    return f"{text}\n"


def _blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    before = ""
    for opening, token in pairwise(tokens):
        if token.type != "inline":
            continue
        words = _words(token, before)
        if opening.type == "heading_open":
            yield Block("heading", words.upper())
        elif opening.hidden:  # markdown-it hides the paragraph of an item
            yield Block("item", f"- {words}")
        else:
            yield Block("button" if is_button(token) else "paragraph", words)
        before = words


def _joint(last: str, kind: str, text: str) -> str:
    """A blank line, unless the two belong together."""
    if not text:
        return ""
    is_under_heading = last == "heading"
    is_next_item = last == kind == "item"
    is_introduced = kind == "button" and text.endswith(":")
    return "\n" if is_under_heading or is_next_item or is_introduced else "\n\n"


def _words(inline: Token, before: str) -> str:
    words, label_starts_at, href = "", 0, ""
    for part in inline.children or []:
        if part.type in ("softbreak", "hardbreak"):
            words = f"{words.rstrip()}\n"
        elif part.type == "link_open":
            label_starts_at, href = len(words), str(part.attrGet("href"))
        elif part.type == "link_close":
            said, label = words[:label_starts_at], words[label_starts_at:]
            words = said + _spell_out(label, href, said or before)
        else:
            words += part.content
    return words.rstrip()


def _spell_out(label: str, href: str, before: str) -> str:
    """Return "Label: https://…"; the address alone after a colon, where the words before have introduced it."""
    if href.startswith("tel:"):
        is_said = href.removeprefix("tel:") in re.sub(r"[^\d+]", "", before)
        return "" if is_said else label
    if label == href or before.rstrip().endswith(":"):
        return href
    return f"{label} {href}" if label.endswith(ENDS_A_LABEL) else f"{label}: {href}"
