"""Telephone numbers as links."""

from django import template
from django.utils.safestring import SafeString

from walkandtalk.lib import phone_links

register = template.Library()


@register.filter
def link_numbers(text: str) -> SafeString:
    return phone_links.link_numbers(text)
