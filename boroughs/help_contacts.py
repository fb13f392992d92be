"""Help contacts for pages that show one. Administrators keep them up to date."""

from boroughs.models.texts import HelpContact
from boroughs.reference import rows

HelpContactsByPurpose = dict[str, HelpContact]


def help_contacts_by_purpose() -> HelpContactsByPurpose:
    """Return help contacts by purpose. Where a row is missing, its initial text is used, so that none is ever empty."""
    first = {contact.purpose: contact for contact in initial_help_contacts() if contact.purpose}
    return first | {contact.purpose: contact for contact in HelpContact.objects.exclude(purpose="")}


def initial_help_contacts() -> list[HelpContact]:
    """Return the help contacts of a new installation."""
    return [HelpContact(**row) for row in rows("help_contacts.csv")]
