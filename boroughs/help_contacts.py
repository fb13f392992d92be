"""Whom else she can turn to: numbers that an administrator looks after, where a page has a place for one of them."""

from boroughs.models.texts import HelpContact
from boroughs.reference import rows

HelpContactsByPurpose = dict[str, HelpContact]


def help_contacts_by_purpose() -> HelpContactsByPurpose:
    """By purpose. One that is missing says what it said in the beginning: an empty table must not silence it."""
    first = {contact.purpose: contact for contact in initial_help_contacts() if contact.purpose}
    return first | {contact.purpose: contact for contact in HelpContact.objects.exclude(purpose="")}


def initial_help_contacts() -> list[HelpContact]:
    """Those that a new installation begins with."""
    return [HelpContact(**row) for row in rows("help_contacts.csv")]
