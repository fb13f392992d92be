from django import template
from django.conf import settings

from walkandtalk.lib.organisation import Organisation

register = template.Library()


@register.simple_tag
def organisation() -> Organisation:
    """Return who runs the service: `{% organisation as run_by %}`. Never on the neutral host."""
    run_by: Organisation = settings.ORGANISATION
    return run_by
