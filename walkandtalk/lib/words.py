"""Words as a search compares them, however they were typed."""

import re
from unicodedata import combining, normalize


def folded_words(text: str) -> list[str]:
    """Split into words without capitals, accents or apostrophes. Drop "and", because people write "&" or nothing."""
    unaccented = "".join(c for c in normalize("NFKD", text.casefold()) if not combining(c))
    return [word for word in re.findall(r"[^\W_]+", re.sub(r"['’ʼ`]", "", unaccented)) if word != "and"]
