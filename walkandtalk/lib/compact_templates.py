"""Templates are indented for people. Loading takes that away: sent, it would make each page a tenth heavier."""

import re

from django.template import Origin
from django.template.loaders import filesystem

PREFORMATTED = re.compile(r"(<(?:pre|textarea)\b.*?</(?:pre|textarea)>)", re.DOTALL)
LINE_BREAK = re.compile(r"\s*\n\s*")
END_OF_TAG = re.compile(r"\n(?=>)")
WITHIN_A_SENTENCE = re.compile(r"(?<!>)(?<!%})\n(?!<|{%)")  # or between two attributes of a tag
LOGIC = "if|elif|else|endif|for|empty|endfor|block|endblock|with|endwith|load|render_once|endrender_once"
LINE_OF_LOGIC = re.compile(rf"^({{% (?:{LOGIC})\b[^%\n]*%}})\n", re.MULTILINE)


class Loader(filesystem.Loader):
    """Load the templates of the project, HTML in its compact form."""

    def get_contents(self, origin: Origin) -> str:
        contents = super().get_contents(origin)
        return compact(contents) if origin.name.endswith(".html") else contents


def compact(html: str) -> str:
    """Remove indentation, and the lines that hold nothing but logic. A browser shows the same: words stay apart."""
    parts = PREFORMATTED.split(html)
    parts[::2] = [_compact_flowing(part) for part in parts[::2]]
    return "".join(parts)


def _compact_flowing(html: str) -> str:
    html = LINE_BREAK.sub("\n", html)
    html = END_OF_TAG.sub("", html)
    html = WITHIN_A_SENTENCE.sub(" ", html)
    return LINE_OF_LOGIC.sub(r"\1", html)
