"""Find concerns by what is stored in the open: references, wards, boroughs and kinds. Each search is logged.

A requester's words and her place are encrypted, so PostgreSQL can't search them. A search counts against the same
budget as one for a booking (docs/rules.md#need-to-know).
"""

import re

from django.db import transaction
from django.db.models import Q

from accounts.models import SecurityEventKind
from accounts.security_log import record_security_event
from bookings.models.bookings import Booking
from bookings.need_to_know import check_search_budget
from bookings.triage.queue.rows import get_wards
from boroughs import taxonomy
from boroughs.models.officers import Officer
from feedback.models.concerns import PAGE_LENGTH, REFERENCE_LENGTH, Concern, ConcernQuerySet
from walkandtalk.lib.tokens import normalise_reference

CONCERN_REFERENCE = re.compile(rf"c[\s-]*([0-9a-f]{{{REFERENCE_LENGTH}}})", re.IGNORECASE)


@transaction.atomic
def find_concerns(words: str, *, by: Officer) -> list[Concern]:
    """Return the newest concerns that fit and that this inspector can see. Raise SearchingPaused after too many."""
    check_search_budget(by)
    found = _matching(words, by).for_list_page(user=by)[:PAGE_LENGTH]
    record_security_event(SecurityEventKind.SEARCHED, officer=by, count=len(found))
    return found


def _matching(words: str, by: Officer) -> ConcernQuerySet:
    visible = Concern.objects.visible_to(by)
    if named := CONCERN_REFERENCE.fullmatch(words):
        return visible.with_reference(int(named[1], 16))
    if reference := normalise_reference(words):
        of_booking = Q(report__booking__in=Booking.objects.visible_to(by).filter(reference=reference))
        return visible.filter(of_booking | Q(report__contact__reference=reference))
    return visible.filter(_in_words(words.casefold(), by))


def _in_words(words: str, by: Officer) -> Q:
    """Match the wards and boroughs of her BCU, and the kinds, whose names contain these words."""
    wards = get_wards(by.bcu) if by.bcu else []
    in_ward = [ward.gss for ward in wards if words in ward.name.casefold()]
    in_borough = {ward.borough_gss for ward in wards if words in ward.borough.casefold()}
    kinds = [kind.code for kind in taxonomy.kinds().values() if words in kind.label.casefold()]
    at = Q(report__ward__gss__in=in_ward) | Q(report__borough__gss__in=in_borough)
    return at | Q(kind__in=kinds)
