from django import template
from django.utils.safestring import SafeString

from boroughs.public_pages.areas import Area
from boroughs.public_pages.sharing import picture_meta

register = template.Library()


@register.simple_tag
def share_picture(area: Area | None = None) -> SafeString:
    """What says which picture goes with a link to this page."""
    return picture_meta(area)
