"""Makes bookings in production's settings, and reads them again. Prints what `tests.operate.rotation` needs as JSON.

It runs in processes of its own, each with the keys of its time.
"""

import copy
import json
import sys
import uuid

import django

PINS = 3


def make(count):
    """Return the references of those with a PIN, and an inspector who can sign in and find them by name."""
    from bookings.models.acknowledgements import Acknowledgement
    from bookings.models.bookings import Booking
    from bookings.models.contacts import BookingContact
    from bookings.models.response_targets import ResponseTarget
    from bookings.models.search_keys import name_keys, place_keys
    from boroughs.models.bcus import Borough
    from tests.support.factories import PASSWORD, BookingFactory, InspectorFactory
    from tests.support.second_factors import add_app, recovery_codes_of
    from walkandtalk.lib import tokens

    borough = Borough.objects.get(name="Southwark")
    inspector = InspectorFactory(bcu=borough.bcu)
    add_app(inspector)
    first = BookingFactory(borough=borough, contact__name="Ottoline", contact__meeting_place="Rye Lane")
    bookings = [
        _copy(first, uuid=uuid.uuid4(), draft_uuid=uuid.uuid4(), reference=tokens.new_reference())
        for _number in range(count)
    ]
    Booking.objects.bulk_create(bookings)
    Acknowledgement.objects.bulk_create(Acknowledgement(booking=booking) for booking in bookings)
    due = first.response_target.first_read_due_at
    ResponseTarget.objects.bulk_create(ResponseTarget(booking=booking, first_read_due_at=due) for booking in bookings)
    contacts = [
        _copy(
            first.contact,
            booking=booking,
            calendar_uid=uuid.uuid4(),
            email=(email := f"maya.{number}@example.com"),
            email_hmac=tokens.index_hmac(email),
            name_keys=name_keys(first.contact.name),
            place_keys=place_keys(first.contact.meeting_place),
            pin_hmac=tokens.pin_hmac(booking.pk, _pin(number)) if number < PINS else "",
        )
        for number, booking in enumerate(bookings)
    ]
    BookingContact.objects.bulk_create(contacts)
    BookingContact.objects.filter(pk=first.pk).update(pin_hmac="")
    return {
        "rows": BookingContact.objects.count(),
        "pins": {booking.reference: _pin(number) for number, booking in enumerate(bookings[:PINS])},
        "email": inspector.email,
        "password": PASSWORD,
        "codes": recovery_codes_of(inspector),
    }


def read():
    """Read every text and look for it, as the pages do. Return how many rows there are, and how many are unreadable."""
    from bookings.models.contacts import BookingContact
    from bookings.models.search_keys import name_keys
    from walkandtalk.lib import tokens
    from walkandtalk.lib.fields import DecryptionError
    from walkandtalk.lib.keys.columns import tables

    unreadable = 0
    for table in tables():
        for row in table.model._base_manager.all():
            try:
                for field in table.fields:
                    getattr(row, field.attname)
            except DecryptionError:
                unreadable += 1
    contacts = list(BookingContact.objects.all())
    unfound = [
        contact
        for contact in contacts
        if contact.email_hmac != tokens.index_hmac(contact.email) or contact.name_keys != name_keys(contact.name)
    ]
    return {"rows": len(contacts), "unreadable": unreadable, "unfound": len(unfound)}


def _copy(row, **changes):
    new = copy.copy(row)
    new._state = copy.copy(row._state)
    for name, value in changes.items():
        setattr(new, name, value)
    return new


def _pin(number):
    return f"{number:06}"


if __name__ == "__main__":
    django.setup()
    print(json.dumps(make(int(sys.argv[1])) if len(sys.argv) > 1 else read()))
