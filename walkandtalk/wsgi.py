import os
from importlib import import_module
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

from boroughs.geography import places, postcodes
from walkandtalk.lib import london
from walkandtalk.lib.database import deadlines

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "walkandtalk.settings")

deadlines.limits.statement = deadlines.PAGE_STATEMENT_SECONDS
django_application = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Any) -> Any:
    """Hand the request to Django without its charset.

    Django decodes the query with that charset before any middleware runs. A name such as "hex" would fail there, and
    the web server's own error page has no security headers.
    """
    environ["CONTENT_TYPE"] = ignore_charset(environ.get("CONTENT_TYPE", ""))
    return django_application(environ, start_response)


def ignore_charset(content_type: str) -> str:
    """Return the content type without its charset. Browsers send UTF-8, and nothing else is read here."""
    if "charset" not in content_type.lower():
        return content_type
    try:
        kind, parameters = parse_header_parameters(content_type)
    except (LookupError, ValueError):  # a parameter in an encoding that does not exist
        return content_type.partition(";")[0]
    return f"{kind}; boundary={parameters['boundary']}" if "boundary" in parameters else kind


# Before the first visitor comes, and before the workers are forked, so that they share it: import every page, which
# takes a second, and the way to Redis; unpack postcodes and places; and find the bank holidays.
for module in ("walkandtalk.urls", "walkandtalk.discreet_urls", "kombu.transport.redis"):
    import_module(module)
postcodes.warm()
places.warm()
london.bank_holiday(london.today())
