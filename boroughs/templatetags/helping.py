from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from boroughs.models.texts import HelpContact

register = template.Library()


@register.filter
def contact_link(contact: HelpContact) -> SafeString:
    """Show the number or address, as a link if it can be one."""
    if contact.href:
        return format_html('<a class="govuk-link" href="{}" rel="noreferrer">{}</a>', contact.href, contact.number)
    return format_html("{}", contact.number)
