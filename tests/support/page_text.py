"""The words of a page, without its tags."""

import re
from html import unescape


def page_text(html):
    """Return the text of the page's body as a reader finds it, folded parts too, with single spaces."""
    body = html.partition("<body")[2] or html
    without_tags = re.sub(r"</?(?:p|li|dd|dt|div|h\d)\b[^>]*>|<br>", " ", body)
    return " ".join(unescape(re.sub(r"<[^>]*>", "", without_tags)).split())
