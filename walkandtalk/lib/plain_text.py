"""Plain text for messages and calendars."""

import re
import unicodedata

# These characters reverse the text after them, which could make "999" look like something else.
DIRECTION_CONTROLS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
# An address with a scheme, or only a name that email clients would turn into a link.
WEB_ADDRESS = re.compile(r"(?:\w+://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:[/?#]\S*)?", re.IGNORECASE)


def one_line(text: str) -> str:
    """Put typed text on one line, so that nobody can add lines to a walk card."""
    signs = text.translate(DIRECTION_CONTROLS)
    return " ".join("".join(sign for sign in signs if sign.isspace() or unicodedata.category(sign) != "Cc").split())


def strip_web_addresses(text: str) -> str:
    """Remove web addresses from typed text, so that nobody can use our first message to send a stranger a link."""
    return WEB_ADDRESS.sub("…", one_line(text))
