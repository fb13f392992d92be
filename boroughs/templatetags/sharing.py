from django import template
from django.utils.safestring import SafeString

from boroughs.public_pages.areas import Area
from boroughs.public_pages.sharing import share_image_meta

register = template.Library()


@register.simple_tag
def share_image_tags(area: Area | None = None) -> SafeString:
    """Name the picture to show with a link to this page."""
    return share_image_meta(area)
