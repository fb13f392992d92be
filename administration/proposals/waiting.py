"""The open proposal about one row, as the admin's page of the row shows it."""

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from administration.models import Proposal


def link_to_open_proposal(**about: object) -> str:
    """Return a link to the open proposal about this `changes__person`, `changes__bcu` or `changes__borough`."""
    proposal = Proposal.objects.open(timezone.now()).filter(**about).for_list().first()
    if proposal is None:
        return "Nothing"
    return format_html('<a href="{}">{}</a>', reverse("proposals:proposal", args=[proposal.pk]), proposal.in_short)
