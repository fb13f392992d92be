"""The description and picture of a shared link (Open Graph)."""

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from boroughs.public_pages.areas import Area

WIDTH, HEIGHT = 1200, 630
"""Size of the picture in pixels, as the sites that show it recommend."""


def share_description(where: str) -> str:
    """Describe the service in one sentence. `where` is the area, if the link is to an area's page."""
    if where:
        return _("Walk with local women police officers in %(where)s.") % {"where": where}
    return _("Walk with local women police officers, wherever in London you feel unsafe.")


def share_image_meta(area: Area | None = None) -> SafeString:
    """Return the tags for the picture of this area, or of London, with its alt text. Only for the public host."""
    has_own = area is not None and area.bcu is not None
    path = reverse("boroughs:area-picture", args=[area.slug]) if area and has_own else reverse("boroughs:picture")
    where = area.where if area and has_own else ""
    properties = {
        "og:image": f"{settings.PUBLIC_URL}{path}",
        "og:image:type": "image/png",
        "og:image:width": WIDTH,
        "og:image:height": HEIGHT,
        "og:image:alt": f"{_('Walk and Talk')}. {share_description(where)}",
    }
    tags = format_html_join("\n", '<meta property="{}" content="{}">', properties.items())
    return format_html('{}\n<meta name="twitter:card" content="summary_large_image">', tags)
