"""Text as it stands, for the plain half of a message and for calendars."""

import re
import unicodedata

# They turn round what follows them, so that "999" could be made to read as something else.
DIRECTION_CONTROLS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
# With its beginning, or only a name that mail programs would make a link of.
WEB_ADDRESS = re.compile(r"(?:\w+://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:[/?#]\S*)?", re.IGNORECASE)


def one_line(text: str) -> str:
    """What somebody typed, on one line: nobody can write lines of a card that are not ours."""
    signs = text.translate(DIRECTION_CONTROLS)
    return " ".join("".join(sign for sign in signs if sign.isspace() or unicodedata.category(sign) != "Cc").split())


def strip_web_addresses(text: str) -> str:
    """For the first message, whose reader may be a stranger: nobody can send her their own web address through us."""
    return WEB_ADDRESS.sub("…", one_line(text))
