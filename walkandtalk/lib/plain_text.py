"""Plain text for messages and calendars."""

import re
import unicodedata

# They reverse the text after them, so that "999" could be made to look like something else.
DIRECTION_CONTROLS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
# With a scheme, or just a name that mail programs would turn into a link.
WEB_ADDRESS = re.compile(r"(?:\w+://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:[/?#]\S*)?", re.IGNORECASE)


def one_line(text: str) -> str:
    """What somebody typed, on one line: nobody can write lines of a card that are not ours."""
    signs = text.translate(DIRECTION_CONTROLS)
    return " ".join("".join(sign for sign in signs if sign.isspace() or unicodedata.category(sign) != "Cc").split())


def strip_web_addresses(text: str) -> str:
    """Remove web addresses from typed text, so that nobody can use our first message to send a stranger a link."""
    return WEB_ADDRESS.sub("…", one_line(text))
