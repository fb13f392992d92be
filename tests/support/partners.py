"""Partners and the requests that we send them."""

from django.db import transaction

from partners.actions import PlaceReport, queue_open311_request
from partners.models.partners import Partner

REPORT = PlaceReport(
    kind="lighting", lat=51.47004, lon=-0.06944, description="Lamps out. Path by the station", lamp_number="14"
)


def make_partner(name="Example Council", *, boroughs=(), **fields):
    partner = Partner.objects.create(name=name, **{"type": "council", "is_active": True, **fields})
    partner.boroughs.set(boroughs)
    return partner


def make_open311_partner(endpoint, **fields):
    about = {"jurisdiction_id": "example.org", "api_key": "the-key", "lamp_attribute": "LAMP"}
    return make_partner(endpoint=endpoint, services={"lighting": "STREETLIGHT"}, **{**about, **fields})


def queue(partner, reference="WT-7K2M", report=REPORT):
    with transaction.atomic():
        return queue_open311_request(partner, report, reference=reference)
