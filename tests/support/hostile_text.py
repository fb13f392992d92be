"""Text with a script, and a check whether a browser would run it."""

from tests.support.markup import Markup

SCRIPT = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'{{ 71234567|add:7 }}"


def contains_script(response):
    """Return whether a browser would run any of it."""
    page = Markup(response.text)
    ours = all(tag.attrs.get("src", "").startswith("/static/") for tag in page.all("script"))
    handlers = [name for tag in page.tags for name in tag.attrs if name.startswith("on")]
    return not ours or bool(handlers) or "71234574" in response.text
