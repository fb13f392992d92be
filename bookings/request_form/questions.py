"""The questions of a request: their order, which ones apply, and the request made from the answers.

`Draft.answers` holds each answer as the form of its question returned it. An answer with "ends_at" leads to a page
where the form ends, so its question does not count as answered.
"""

import datetime
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.urls import reverse

from bookings.request_form.booking_request import BookingRequest, RequestedTime
from bookings.statuses import INTERPRETED_NEEDS, Channel

Answer = dict[str, Any]
Answers = Mapping[str, Answer]

ORDER = ("start", "area", "age", "accompanied", "meeting-place", "when", "contact", "name", "pin", "needs")
ASKED_WITH_ANOTHER = {"name"}  # the page "contact" asks it too; its own page is for changing it
OPTIONAL_QUESTIONS = ("route", "about", "company", "passing-on", "restricted", "pin")
REGULAR = "regular"  # after a preferred time: the recurring walk of that day


@cache
def question_address(question: str) -> str:
    """Return the address of a page of the request form: a question, "check", "sent", or one where the form ends."""
    start = reverse("request_form:start")
    return start if question == "start" else f"{start}{question}/"


def applicable_questions(answers: Answers) -> list[str]:
    """Return the questions that apply. Only a girl under 18 is asked about an adult.

    Only a requester without private email is asked for a PIN.
    """
    only_for = {
        "accompanied": answers.get("age", {}).get("adult") == "no",
        "pin": answers.get("contact", {}).get("channel") in (Channel.DISCREET, Channel.NONE),
    }
    return [question for question in ORDER if only_for.get(question, True)]


def optional_questions(answers: Answers) -> list[str]:
    """Return the optional questions, offered once everything else is answered."""
    applicable = applicable_questions(answers)
    return [question for question in OPTIONAL_QUESTIONS if question not in applicable]


def is_answered(question: str, answers: Answers) -> bool:
    answer = answers.get(question, {})
    return bool(answer) and "ends_at" not in answer and answer.get("preferred_times") != []


def first_unanswered(answers: Answers) -> str | None:
    return next((question for question in applicable_questions(answers) if not is_answered(question, answers)), None)


def can_ask(question: str, answers: Answers) -> bool:
    """Return whether every earlier question has been answered."""
    applicable = applicable_questions(answers)
    if question in optional_questions(answers):
        return first_unanswered(answers) is None
    if question not in applicable:
        return False
    return all(is_answered(earlier, answers) for earlier in applicable[: applicable.index(question)])


def position(question: str, answers: Answers) -> tuple[int, int] | None:
    """Return the number of this page and of all pages that ask something, as far as we know yet."""
    pages = [page for page in applicable_questions(answers) if page not in ASKED_WITH_ANOTHER]
    return (pages.index(question) + 1, len(pages)) if question in pages else None


def question_before(question: str, answers: Answers) -> str:
    applicable = applicable_questions(answers)
    return applicable[applicable.index(question) - 1]


def answers_outdated_by(question: str, answer: Answer, answers: Answers) -> frozenset[str]:
    """Return the answers that a new area makes invalid, because its places and its rules for girls are different."""
    same_place = question != "area" or answer.get("borough") == answers.get("area", {}).get("borough")
    return frozenset() if same_place else frozenset({"meeting-place", "accompanied"})


def preferred_times(answer: Answer) -> tuple[RequestedTime, ...]:
    return tuple(
        RequestedTime(
            date=datetime.date.fromisoformat(date),
            start=datetime.time.fromisoformat(start),
            part="".join(more[:1]),
            is_regular=REGULAR in more,
        )
        for date, start, *more in answer["preferred_times"]
    )


def saved_time(time: RequestedTime) -> tuple[str, ...]:
    """Return a preferred time as the answer keeps it."""
    more = [time.part] * bool(time.part) + [REGULAR] * time.is_regular
    return (time.date.isoformat(), time.start.isoformat("minutes"), *more)


def with_interpreter(answers: Answers) -> bool:
    """Return whether the requester needs an interpreter."""
    return bool(INTERPRETED_NEEDS & set(answers.get("needs", {}).get("needs", [])))


def booking_request(answers: Answers) -> BookingRequest:
    area, when, contact = answers["area"], answers["when"], answers["contact"]
    return BookingRequest(
        borough_gss=area["borough"],
        ward_gss=area["ward"],
        meeting_place=answers["meeting-place"]["place"],
        map_point=answers["meeting-place"].get("map_point"),
        preferred_times=preferred_times(when),
        weekday_evenings="weekday_evenings" in when["also"],
        weekends="weekends" in when["also"],
        name=answers["name"]["name"],
        channel=Channel(contact["channel"]),
        email=contact["email"],
        phone=contact["phone"],
        phone_rules=tuple(contact["phone_rules"]),
        phone_times=contact["phone_times"],
        pin=answers.get("pin", {"pin": ""})["pin"],
        needs=tuple(answers["needs"]["needs"]),
        needs_details=answers["needs"]["needs_details"],
        route=answers.get("route", {"route": ""})["route"],
        about=tuple(answers.get("about", {"about": ()})["about"]),
        companions=answers.get("company", {"companions": 0})["companions"],
        may_share_with_partners=_yes_or_no(answers.get("passing-on", {}).get("without_name")),
        restricted="restricted" in answers,
        accompanied="accompanied" in applicable_questions(answers),
    )


def _yes_or_no(answer: str | None) -> bool | None:
    return None if answer is None else answer == "yes"
