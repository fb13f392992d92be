"""Answers to the questions of the request form, and steps that send them."""

import datetime
import re

from tests.support.markup import Markup
from walkandtalk.lib import london

START = "/request/"
SENT = "/request/sent/"
TIME_BOX = re.compile("_date_(day|month|year)$|_start$")


def preferred_time_fields(which, day, start="6:30pm"):
    """Return the fields of the first, second or third preferred time."""
    return {
        f"{which}_date_day": day.day,
        f"{which}_date_month": day.month,
        f"{which}_date_year": day.year,
        f"{which}_start": start,
    }


def times_in_boxes(page):
    """Return the dates and starts in the boxes of this page, as a browser sends them."""
    inputs = [tag.attrs for tag in Markup(page).all("input")]
    return {box["name"]: box.get("value", "") for box in inputs if TIME_BOX.search(box.get("name", ""))}


def date_in_days(days):
    return london.today() + datetime.timedelta(days=days)


def request_answers(**other):
    """Return the shortest set of answers, by question. A keyword replaces the answer to one question."""
    straight = {
        "start": {"danger": "no"},
        "area": {"place": "Southwark"},
        "age": {"adult": "yes"},
        "meeting_place": {"how": "place", "place": "Peckham Rye station, main entrance"},
        "when": preferred_time_fields("first", date_in_days(10)),
        "contact": {"channel": "full", "email": "maya@example.com", "name": "Maya"},
        "needs": {"needs": ["nothing"]},
    }
    return {question.replace("_", "-"): answer for question, answer in (straight | other).items()}


def question_address(question):
    return START if question == "start" else f"/request/{question}/"


def answer_question(client, question, given):
    return client.post(question_address(question), given)


def complete_questions(client, until=None, **other):
    """Answer the questions in turn, up to but not including `until`."""
    response = None
    for question, given in request_answers(**other).items():
        if question == until:
            break
        response = answer_question(client, question, given)
        assert response.status_code == 302, (question, response.content.decode())
    return response
