"""Everything about a scheduled walk, the same in every message, page and calendar (docs/rules.md#the-walk-card)."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings import links
from bookings.models.adjustments import Adjustment
from bookings.models.bookings import Booking
from bookings.models.events import NOT_UNDONE
from bookings.permissions import may_show_details
from bookings.sharing import describe_companions
from bookings.statuses import Channel, EventKind
from boroughs.models.bcus import BoroughCommandUnit
from boroughs.statements import statements
from boroughs.without_speaking import WithoutSpeaking
from outbox.composing.message_files import render_markdown
from walkandtalk.lib import london
from walkandtalk.lib.markdown.parsing import parse
from walkandtalk.lib.markdown.to_text import to_text
from walkandtalk.lib.phone_links import call_url
from walkandtalk.lib.plain_text import one_line
from walks.models.walks import Walk
from walks.statuses import WalkStatus

IN_MARKDOWN = "bookings/notices/emails/parts/walk_card.md"


@dataclass(frozen=True)
class CardLine:
    """A single fact. Tests find each line by its name. The template adds the colon before a link.

    The requester's page shows the first facts large: each part of `main` on a line, then the `note` in small type.
    Messages have the same words in one `text`.
    """

    name: str
    label: str
    text: str
    url: str = ""
    url_text: str = ""  # shown instead of the address
    main: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class CardSection:
    name: str
    heading: str
    lines: tuple[CardLine, ...]


@dataclass(frozen=True)
class WalkCard:
    changes: tuple[str, ...]
    """Sentences about changes since the previous message, shown first."""
    sections: tuple[CardSection, ...]

    @classmethod
    def of(
        cls,
        booking: Booking,
        *,
        token: str = "",
        changes: Sequence[str] | None = None,
        is_opened_by_pin: bool = False,
    ) -> Self:
        """Return the card of a booking that has a walk.

        Without a token, the links ask for the reference. Without `changes`, the card repeats the latest ones. Names,
        phrase and needs are left out until the requester has confirmed the request, and a new address, unless she gave
        her PIN.
        """
        is_hers = may_show_details(booking, is_opened_by_pin=is_opened_by_pin)
        walk = get_walk(booking)
        page = links.page_url(booking, token) if token else links.find_booking_url(booking)
        cancel = links.cancel_url(booking, token) if token else page
        change = links.change_url(booking, token) if token else page
        seen = links.seen_url(booking, token) if token else page
        on_map = links.map_url(booking, token) if token else page
        shown_changes = last_changes(booking) if changes is None else changes
        return cls(
            changes=tuple(one_line(change) for change in shown_changes),
            sections=(
                _section(
                    "walk",
                    "",
                    *_time_and_place_lines(walk, on_map),
                    *_officer_lines(booking, walk, has_names=is_hers),
                    *([_companion_lines(booking, walk), *_need_lines(booking)] if is_hers else []),
                ),
                _section("seen", "", _seen_line(seen)),
                _section("check", _("Check it’s them"), *_phrase_lines(walk, has_names=is_hers), *_check_lines()),
                _section("nobody", _("Nobody there?"), *_nobody_came_lines(walk, page)),
                _section("contact", _("Change, cancel or ask"), *_contact_lines(booking, cancel, change)),
                _section("rights", _("What happens to what you say"), *_rights_lines(booking)),
            ),
        )

    def lines(self) -> list[CardLine]:
        return [line for section in self.sections for line in section.lines]

    def by_name(self) -> dict[str, CardLine]:
        return {line.name: line for line in self.lines()}


def get_walk(booking: Booking) -> Walk:
    if booking.walk is None:
        raise ValueError("This booking has no walk.")
    return booking.walk


def last_changes(booking: Booking) -> list[str]:
    """Return the sentences that told the requester of the latest change to her walk."""
    event = booking.events.filter(NOT_UNDONE, kind=EventKind.CHANGED).last()
    return event.note.splitlines() if event is not None else []


def when_in_words(walk: Walk) -> str:
    """Return the times of a walk, like "Tuesday 8 December 2026, 6:30pm to 7:30pm (60 minutes), London time"."""
    values = {"date": london.long_date(walk.start_at), "hours": _hours_in_words(walk), "minutes": walk.minutes}
    return _("%(date)s, %(hours)s (%(minutes)s minutes), London time") % values


def _hours_in_words(walk: Walk) -> str:
    return _("%(start)s to %(end)s") % {"start": london.clock(walk.start_at), "end": _end_in_words(walk)}


def _end_in_words(walk: Walk) -> str:
    end = london.local(walk.end_at)
    # Midnight belongs to the evening before it; a later end needs its own date.
    if end.date() == walk.date or end.time() == datetime.time(0):
        return london.clock(end)
    return _("%(time)s on %(date)s") % {"time": london.clock(end), "date": london.long_date(end)}


def _section(name: str, heading: str, *lines: CardLine) -> CardSection:
    return CardSection(name, heading, tuple(line for line in lines if line.text))


def _time_and_place_lines(walk: Walk, on_map: str) -> list[CardLine]:
    map_text = _("The meeting place on our own map") if walk.map_coordinates else ""
    place = one_line(walk.meeting_place)
    return [
        CardLine(
            "when",
            _("When"),
            when_in_words(walk),
            main=(london.long_date(walk.start_at), _hours_in_words(walk)),
            note=_("%(minutes)s minutes, London time") % {"minutes": walk.minutes},
        ),
        CardLine("meet", _("Meet"), place, main=(place,)),
        CardLine("map", _("Map"), map_text, on_map, _("Look at the map")),
        CardLine("finish", _("Finish"), one_line(walk.finish_place)),
    ]


def _officer_lines(booking: Booking, walk: Walk, *, has_names: bool) -> list[CardLine]:
    if not has_names:
        later = (
            _("We’ll tell you their names once you’ve confirmed that it was you.")
            if booking.confirmed_at is None
            else _("We’ll tell you their names once you’ve confirmed this address on your page.")
        )
        return [CardLine("officers", _("Officers"), later)]
    team = walk.bcu.team_name
    names = [one_line(officer.display_name) for officer in walk.live_officers()]
    if not names:
        return [CardLine("officers", _("Officers"), _("We’re finding officers for you. Look here before you set off."))]
    with_team = "; ".join(f"{name} ({team})" for name in names)
    rest = [finding_officer() if is_finding_officer(walk) else "", one_line(statements().text("uniform"))]
    text, note = (" ".join(part for part in (first, *rest) if part) for first in (f"{with_team}.", f"{team}."))
    return [CardLine("officers", _("Officers"), text, main=tuple(names), note=note)]


def is_finding_officer(walk: Walk) -> bool:
    """Return whether the walk is still to start, and not with the officers it has (docs/rules.md#too-few-officers)."""
    return walk.status == WalkStatus.SCHEDULED and walk.is_short


def finding_officer() -> str:
    return _("We’re finding another officer. Look at your page before you set off.")


def _companion_lines(booking: Booking, walk: Walk) -> CardLine:
    """List everyone who comes besides the requester and the officers, so that no stranger can claim to belong."""
    contact = booking.contact
    coming = [_("Your parent, adult sister or guardian")] if contact.accompanied else []
    if n := contact.companions:
        coming.append(ngettext("%(n)s person you bring", "%(n)s people you bring", n) % {"n": n})
    if others := describe_companions(walk, besides=booking):
        coming.append(others)
    return CardLine("also_coming", _("Also coming"), "; ".join(coming) or _("Nobody else"))


def _need_lines(booking: Booking) -> list[CardLine]:
    """List how each need is met or, until all of them are, the needs that the requester named."""
    arranged = {row.need: row for row in booking.adjustments.all()}
    needs = booking.contact.needs_to_arrange()
    if needs and all(need in arranged for need in needs):
        adjustments = [_describe_adjustment(arranged[need]) for need in needs]
        return [CardLine("needs", _("Arranged for you"), "; ".join(adjustments))]
    asked_for = [*booking.contact.need_labels(), one_line(booking.contact.needs_details)]
    return [CardLine("needs", _("You asked for"), "; ".join(need for need in asked_for if need))]


def _describe_adjustment(row: Adjustment) -> str:
    values = {"need": row.need_label, "how": one_line(row.how).rstrip(".")}
    if row.agreed_otherwise:
        return _("%(need)s: agreed with you, %(how)s") % values
    return _("%(need)s: %(how)s") % values


def _seen_line(seen: str) -> CardLine:
    text = _("Press “I’ve seen this” on your page, so that we know")
    return CardLine("seen", _("Seen this?"), text, seen, _("Tell us you’ve seen this"))


def _phrase_lines(walk: Walk, *, has_names: bool) -> list[CardLine]:
    if not has_names:
        return []
    they, you = one_line(walk.officers_phrase), one_line(walk.requester_phrase)
    text = _("An officer will say or show “%(they)s”. You reply “%(you)s”.") % {"they": they, "you": you}
    return [CardLine("phrase", _("Phrase"), text, main=(they, you))]


def _check_lines() -> list[CardLine]:
    return [
        CardLine(
            "check",
            _("Check"),
            _(
                "Call 101, the police number. Give your reference or a shoulder number, and the words the officer "
                "said. From two hours before to two hours after, they can say yes or no. Don’t use a number that "
                "someone gave you. If someone called you first, wait five minutes: they may still be on your line. "
                "You can also ask to see a warrant card."
            ),
        ),
        CardLine(
            "check_by_text",
            _("BSL or text"),
            _("Dial 18001 101 in the Relay UK app and type the same."),
        ),
        CardLine(
            "danger",
            _("In danger"),
            _(
                "Call 999. Can’t speak? Call from a mobile, listen, then press 55. "
                "In British Sign Language: 999bsl.co.uk. If it feels wrong, leave."
            ),
        ),
    ]


def _nobody_came_lines(walk: Walk, page: str) -> list[CardLine]:
    number = one_line(walk.duty_number)
    return [
        CardLine(
            "nobody",
            _("After 10 minutes"),
            _("You don’t have to wait any longer. Call this number, from an hour before the walk to an hour after it"),
            url=call_url(number),
            url_text=number,
        ),
        _without_speaking_line("nobody_by_text", number, walk.bcu),
        CardLine(
            "page",
            _("Latest news"),
            _("Look at your page before you set off. If nobody comes, press “Nobody came” there"),
            page,
            _("Open your page"),
        ),
    ]


def _without_speaking_line(name: str, number: str, team: BoroughCommandUnit) -> CardLine:
    ways = WithoutSpeaking.of(number, team.text_number)
    return CardLine(name, _("Without speaking"), ways.text, ways.url, ways.number)


def _contact_lines(booking: Booking, cancel: str, change: str) -> list[CardLine]:
    team = booking.team
    values = {"team": team.team_name, "number": team.duty_number, "hours": team.duty_hours}
    return [
        CardLine("cancel", _("Cancel"), _("You don’t need a reason"), cancel, _("Cancel this walk")),
        CardLine("change", _("Change"), _("For another time or place"), change, _("Ask for another time")),
        CardLine("contact", _("Questions"), _("%(team)s, %(number)s, %(hours)s") % values),
        _without_speaking_line("contact_by_text", team.duty_number, team),
        CardLine("reference", _("Reference"), booking.spoken_reference),
    ]


def render_walk_card(card: WalkCard) -> str:
    """Return the walk card as plain text, for a calendar."""
    return to_text(parse(render_markdown(IN_MARKDOWN, {"card": card})))


def _rights_lines(booking: Booking) -> list[CardLine]:
    texts = statements()
    details = one_line(texts.text("details"))
    privacy = ""
    if booking.channel != Channel.DISCREET:  # pages on the neutral host never link to the public one
        details, privacy = f"{details} {_('Read more')}", links.privacy_url()
    return [
        CardLine("must_act", _("Officers’ duties"), one_line(texts.text("crimes", "children", "cameras"))),
        CardLine("privacy", _("Your details"), details, privacy, _("Privacy")),
        CardLine("complain", _("Unhappy with an officer"), one_line(texts.text("complain"))),
    ]
