"""Describes the service to search engines (schema.org)."""

import json
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from boroughs.public_pages.areas import Area

# So that no name can end the element, or begin a comment in it.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def government_service(*, url: str, area: Area | None = None) -> SafeString:
    """Describe the service, or the service in one area. Our CSP allows this, because it is data and not a script."""
    channel: dict[str, Any] = {
        "@type": "ServiceChannel",
        "serviceUrl": f"{settings.PUBLIC_URL}{reverse('request_form:start')}",
    }
    service = {
        "@context": "https://schema.org",
        "@type": "GovernmentService",
        "name": _("Walk and Talk"),
        "description": _("Women in London ask to walk with local women police officers where they feel unsafe."),
        "serviceType": _("Walks with local women police officers"),
        "url": url,
        "provider": {"@type": "GovernmentOrganization", "name": (area and area.force) or "Metropolitan Police Service"},
        "areaServed": [{"@type": "AdministrativeArea", "name": name} for name in _areas_served(area)],
        "audience": {"@type": "PeopleAudience", "suggestedGender": "female", "suggestedMinAge": 18},
        "offers": {"@type": "Offer", "price": "0", "priceCurrency": "GBP"},
        "availableChannel": channel,
    }
    if area and area.bcu:
        channel["servicePhone"] = {"@type": "ContactPoint", "telephone": area.bcu.duty_number}
    data = mark_safe(json.dumps(service, ensure_ascii=False).translate(_ESCAPES))  # noqa: S308  # escaped for a script
    return format_html('<script type="application/ld+json">{}</script>', data)


def _areas_served(area: Area | None) -> list[str]:
    return [borough.name for borough in area.boroughs] if area else ["London"]
