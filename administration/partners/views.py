"""The page on which an administrator proposes how a partner is reached."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect

from accounts.requests import OfficerRequest
from administration.partners.forms import ContactsForm
from administration.proposals.pages import ProposePage
from boroughs.models.officers import Officer
from partners.models.partners import Partner
from walkandtalk.lib.errors import require


def partners_for(user: Officer) -> QuerySet[Partner]:
    """Return every partner to an administrator, and none to anyone else."""
    visible = Partner.objects.visible_to(user)
    return visible if user.is_staff else visible.none()


class ContactsPage(ProposePage[Partner, ContactsForm]):
    request: OfficerRequest
    form_class = ContactsForm
    template_name = "administration/partners/contacts.html"

    def find(self) -> Partner:
        require(self.request.user.is_staff)
        return get_object_or_404(partners_for(self.request.user), pk=self.kwargs["pk"])

    def back(self) -> HttpResponseRedirect:
        return redirect("admin:partners_partner_change", self.kwargs["pk"])

    def context(self, row: Partner, form: ContactsForm) -> dict[str, Any]:
        return {"partner": row}
