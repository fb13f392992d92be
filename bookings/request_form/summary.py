"""The summary of answers that a requester checks before sending, each with a link to change it."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bookings.request_form.booking_request import RequestedTime
from bookings.request_form.forms.contact import CHANNELS
from bookings.request_form.forms.when import ALSO, CHOICES
from bookings.request_form.questions import (
    Answer,
    Answers,
    applicable_questions,
    optional_questions,
    preferred_times,
    question_address,
)
from bookings.statuses import Channel, Need, PhoneRule
from boroughs import taxonomy
from boroughs.geography.map_fields import describe_map_point
from boroughs.geography.map_points import MapPoint
from boroughs.models.bcus import Borough
from walkandtalk.lib import london
from walkandtalk.lib.govuk.pages import summary_row

Row = dict[str, Any]

OPTIONAL_ROWS = {
    "route": gettext_lazy("Where you’d like to walk, or what we should see"),
    "about": gettext_lazy("What it’s about"),
    "company": gettext_lazy("Who’s coming with you"),
    "passing-on": gettext_lazy("Whether we may pass on the place and the problem, without your name"),
    "restricted": gettext_lazy("Keep this from someone in the police"),
    "pin": gettext_lazy("A PIN, so you can come back without a link from us"),
}


def get_summary_rows(answers: Answers, *, borough: Borough) -> list[Row]:
    rows = [
        _row("area", _("Area"), borough.name, what=_("the area")),
        _row("meeting-place", _("Where to meet"), _meeting_place(answers, borough), what=_("where to meet")),
        *_preferred_time_rows(answers["when"]),
        _row("when", _("I could also do"), _also(answers["when"]), what=_("other times you could do")),
        _row("name", _("Name"), answers["name"]["name"], what=_("your name")),
        *_contact_rows(answers["contact"]),
    ]
    if "accompanied" in applicable_questions(answers):
        adult = _("A parent, adult sister or guardian")
        rows.insert(1, _row("accompanied", _("With you"), adult, what=_("who comes with you")))
    if "pin" in answers:
        rows.append(_row("pin", _("PIN"), _("Chosen. We don’t show it."), what=_("your PIN")))
    rows.append(_row("needs", _("What you need"), _needs(answers["needs"]), what=_("what you need")))
    return rows + _added_rows(answers)


def get_optional_rows(answers: Answers, *, borough: Borough) -> list[dict[str, str]]:
    """Return the optional questions still unanswered, each with its link."""
    nobody_else = borough.bcu is not None and borough.bcu.max_companions == 0
    unanswered = [question for question in optional_questions(answers) if question not in answers]
    rows = [
        {"href": question_address(question), "text": str(OPTIONAL_ROWS[question])}
        for question in unanswered
        if not (question == "company" and nobody_else)
    ]
    if len(answers["when"]["preferred_times"]) < len(CHOICES):
        another = _("Another time. We’re more likely to be able to help")
        rows.insert(0, {"href": f"{question_address('when')}?change", "text": another})
    return rows


def _added_rows(answers: Answers) -> list[Row]:
    """Return rows for the optional answers that the requester gave."""
    rows = []
    if added := answers.get("route"):
        rows.append(_row("route", _("Where to walk"), added["route"].splitlines(), what=_("where to walk")))
    if added := answers.get("about"):
        groups = [str(taxonomy.GROUPS[code]) for code in added["about"]]
        rows.append(_row("about", _("What it’s about"), groups, what=_("what it’s about")))
    if added := answers.get("company"):
        n = added["companions"]
        people = ngettext("%(n)s person, 18 or over", "%(n)s people, each 18 or over", n) % {"n": n}
        rows.append(_row("company", _("Coming with you"), people, what=_("how many people come with you")))
    if added := answers.get("passing-on"):
        answer = _("Yes, without my name") if added["without_name"] == "yes" else _("No")
        rows.append(_row("passing-on", _("May we pass it on?"), answer, what=_("whether we may pass it on")))
    if "restricted" in answers:
        rows.append(_row("restricted", _("Kept from"), _("Your local team"), what=_("who we’ll keep it from")))
    return rows


def _meeting_place(answers: Answers, borough: Borough) -> list[str]:
    """Describe the meeting place and the map point. Say so if the point is in another borough."""
    answer = answers["meeting-place"]
    lines = answer["place"].splitlines() or [_("Please suggest a place")]
    point = MapPoint.from_list(answer.get("map_point"))
    if point is None:
        return lines
    lines.append(f"{describe_map_point(point)}.")
    if point.borough != borough.gss:
        values = {"there": point.borough_name, "chosen": borough.name}
        lines.append(_("This point is in %(there)s, not in %(chosen)s.") % values)
        if not Borough.objects.filter(gss=point.borough, bcu=borough.bcu).exists():
            lines.append(_("Another team looks after %(there)s, so they may suggest a place nearer.") % values)
    return lines


def _row(question: str, label: str, value: str | list[str], *, what: str) -> Row:
    address = f"{question_address(question)}?change"
    return summary_row(label, value, change=address, change_what=what)


def _preferred_time_rows(answer: Answer) -> list[Row]:
    what = [_("your first choice"), _("your second choice"), _("your third choice")]
    return [
        _row("when", str(label), _preferred_time(preferred_time), what=hidden)
        for label, hidden, preferred_time in zip(CHOICES.values(), what, preferred_times(answer), strict=False)
    ]


def _preferred_time(time: RequestedTime) -> str:
    return f"{london.long_date(time.date)}, {time.start_in_words}. {london.day_notes(time.date)}"


def _also(answer: Answer) -> list[str]:
    return [str(label) for code, label in ALSO if code in answer["also"]] or [_("No other times")]


def _contact_rows(answer: Answer) -> list[Row]:
    rows = [_row("contact", _("Email"), str(CHANNELS[answer["channel"]]), what=_("how we may email you"))]
    if answer["channel"] != Channel.NONE:
        rows.append(_row("contact", _("Email address"), answer["email"], what=_("your email address")))
    if not answer["phone"]:
        return [*rows, _row("contact", _("Phone"), _("No number given"), what=_("your phone number"))]
    rules = [str(PhoneRule(code).label) for code in answer["phone_rules"]]
    lines = [answer["phone"], *rules, *filter(None, [answer["phone_times"]])]
    return [*rows, _row("contact", _("Phone"), lines, what=_("your phone number"))]


def _needs(answer: Answer) -> list[str]:
    needs = [str(Need(code).label) for code in answer["needs"]] or [_("Nothing")]
    return [*needs, *answer["needs_details"].splitlines()]
