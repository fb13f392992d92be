"""The bookings that the typed words fit, by the way in which they fit (docs/decisions/search.md)."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, Q, When

from bookings.models.booking_queries import DECRYPT_CHUNK_SIZE, BookingQuerySet
from bookings.models.bookings import Booking
from bookings.models.conditions import STATUS_IS_OPEN
from bookings.models.contacts import BookingContact
from bookings.models.search_keys import TITLES, first_name_in, have_name, have_place, place_words_in
from bookings.statuses import Status
from bookings.triage.queue.rows import WardOption, get_wards
from boroughs.models.officers import Officer
from walkandtalk.lib import tokens
from walkandtalk.lib.reading import untracked
from walkandtalk.lib.words import folded_words

MOST_SHOWN = 20
SHORTEST_PART = 4
"""Characters of a reference. Fewer would fit too many."""


@dataclass(frozen=True)
class Hits:
    """The bookings found in one way."""

    how: str
    bookings: list[UUID]
    narrower: str = ""
    """The words to add if there are more."""
    queue: str = ""
    """The query string of the queue that shows all of them."""

    @property
    def shown(self) -> list[UUID]:
        return self.bookings[:MOST_SHOWN]

    @property
    def has_more(self) -> bool:
        return len(self.bookings) > MOST_SHOWN


@dataclass(frozen=True)
class Found:
    """The results of a search: a booking is in the first list that it fits."""

    by_reference: Hits
    by_name: Hits
    by_place: Hits
    by_area: Hits
    by_officer: Hits

    @property
    def lists(self) -> list[Hits]:
        return [self.by_reference, self.by_name, self.by_place, self.by_area, self.by_officer]

    @property
    def bookings(self) -> list[UUID]:
        return [pk for hits in self.lists for pk in hits.shown]


def find(text: str, *, by: Officer) -> Found:
    """Return what this inspector can find with these words, at most one row more than is shown of each kind."""
    visible, words = Booking.objects.visible_to(by), folded_words(text)
    lists = (
        _by_reference(visible, tokens.normalise_part(text)),
        _by_name(visible, words),
        _by_place(visible, words),
        _by_area(visible, words, by),
        _by_officer(visible, words, by),
    )
    seen: set[UUID] = set()
    return Found(*(_without(hits, seen) for hits in lists))


def _without(hits: Hits, seen: set[UUID]) -> Hits:
    """Leave out the bookings of earlier lists, and add these to them."""
    new = [pk for pk in hits.bookings if pk not in seen]
    seen.update(new)
    return Hits(hits.how, new, hits.narrower, hits.queue)


def _first(rows: BookingQuerySet) -> list[UUID]:
    return list(_in_order(rows).values_list("pk", flat=True)[: MOST_SHOWN + 1])


def _in_order(rows: BookingQuerySet) -> BookingQuerySet:
    """Order the open ones as the queue has them, then the others."""
    is_closed = Case(When(STATUS_IS_OPEN, then=0), default=1)
    return rows.order_by(is_closed, "queue_at", "pk")


def _by_reference(visible: BookingQuerySet, part: str) -> Hits:
    """Find the beginning of any reference, and any part of that of an open booking: people read out the middle too."""
    how, narrower = f"Reference with {part}", "Add more of the reference."
    if len(part) < SHORTEST_PART:
        return Hits(how, [])
    fits = Q(reference__startswith=part) | STATUS_IS_OPEN & Q(reference__contains=part)
    return Hits(how, _first(visible.filter(fits)), narrower)


def _by_name(visible: BookingQuerySet, words: list[str]) -> Hits:
    """Find a first name. More words narrow it down to places, wards or boroughs."""
    how, narrower = "First name", "Add a word of the place or the ward after the name."
    name = first_name_in(" ".join(words))
    if not name:
        return Hits(how, [])
    more = set(words) - TITLES - {name}
    rows = visible.filter(have_name(name))
    fits = (pk for pk, its_name, place, area in _opened(rows) if its_name == name and more <= place | area)
    return Hits(how, list(itertools.islice(fits, MOST_SHOWN + 1)), narrower)


def _by_place(visible: BookingQuerySet, words: list[str]) -> Hits:
    """Find words of the meeting place that the requester asked for, in any order."""
    how, narrower = "Meeting place", "Add another word of the place."
    wanted = place_words_in(" ".join(words))
    if not wanted:
        return Hits(how, [])
    rows = visible.filter(have_place(" ".join(wanted)))
    fits = (pk for pk, _name, place, _area in _opened(rows) if wanted <= place)
    return Hits(how, list(itertools.islice(fits, MOST_SHOWN + 1)), narrower)


def _opened(rows: BookingQuerySet) -> Iterator[tuple[UUID, str, set[str], set[str]]]:
    """Yield each booking with its folded first name and the words of its place and area, in order.

    The keys find a few other words as well, so the texts decide. Reading them tells only which rows fit.
    """
    fields = ("pk", "contact__name", "contact__meeting_place", "ward__name", "borough__name")
    for pk, name, place, ward, borough in _in_order(rows).values_list(*fields).iterator(DECRYPT_CHUNK_SIZE):
        with untracked():
            contact = BookingContact(pk, name=name, meeting_place=place)
            first_name, place_words = first_name_in(contact.name), place_words_in(contact.meeting_place)
        yield pk, first_name, place_words, set(folded_words(f"{ward or ''} {borough}"))


def _by_area(visible: BookingQuerySet, words: list[str], by: Officer) -> Hits:
    """Find open bookings of the wards and boroughs whose names have words that begin like these."""
    wards = get_wards(by.bcu) if by.bcu and words else []
    boroughs = {ward.borough_gss: ward.borough for ward in wards if _begin(words, ward.borough)}
    fitting = [ward for ward in wards if _begin(words, f"{ward.name} {ward.borough}")]
    how, queue = _area_in_words(fitting, boroughs)
    if not fitting:
        return Hits(how, [])
    there = Q(ward__gss__in=[ward.gss for ward in fitting]) | Q(borough__gss__in=boroughs)
    rows = visible.filter(STATUS_IS_OPEN, there)
    return Hits(how, _first(rows), "Enter the name of one ward.", queue)


def _area_in_words(wards: list[WardOption], boroughs: dict[str, str]) -> tuple[str, str]:
    """Return what the list is called, and the filter of the queue if there is one for it."""
    if len(boroughs) == 1:
        (gss, name), *_others = boroughs.items()
        return f"Open in {name}", f"state=open&borough={gss}"
    if len(wards) == 1:
        return f"Open in {wards[0].name}", f"state=open&ward={wards[0].gss}"
    return "Open in a ward or borough of this name", ""


def _by_officer(visible: BookingQuerySet, words: list[str], by: Officer) -> Hits:
    """Find walks to come of the team's officers with this name or shoulder number."""
    how = "On a walk with this officer"
    if not words or by.bcu is None:
        return Hits(how, [])
    team = Officer.objects.filter(bcu=by.bcu, is_active=True, leads_walks=True)
    names = team.values_list("pk", "name", "shoulder_number")
    officers = [pk for pk, name, number in names if _begin(words, name) or words == folded_words(number)]
    if not officers:
        return Hits(how, [])
    on_walks = visible.filter(
        status=Status.SCHEDULED, walk__assignments__officer__in=officers, walk__assignments__is_live=True
    )
    return Hits(how, _first(visible.filter(pk__in=on_walks.values("pk"))), "Enter the whole name of one officer.")


def _begin(words: list[str], name: str) -> bool:
    """Return whether each word begins a word of the name."""
    padded = " " + " ".join(folded_words(name))
    return all(f" {word}" in padded for word in words)
