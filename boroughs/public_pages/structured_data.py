"""Describes the service to search engines (schema.org)."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from boroughs.public_pages.areas import Area
from walkandtalk.lib.structured_data import json_ld


def government_service(*, url: str, area: Area | None = None) -> SafeString:
    """Describe the service, or the service in one area."""
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
    if area and area.bcu and not area.bcu.awaits_contacts:
        channel["servicePhone"] = {"@type": "ContactPoint", "telephone": area.bcu.duty_number}
    return json_ld(service)


def _areas_served(area: Area | None) -> list[str]:
    return [borough.name for borough in area.boroughs] if area else ["London"]
