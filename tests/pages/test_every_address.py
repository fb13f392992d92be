"""Each address is requested once as each person. Access, headers, HTML and words are checked on that response."""

from functools import cache, partial

import pytest

from tests.support.access_table import (
    ALL_PEOPLE,
    EXPECTED_RESPONSES,
    GET_THAT_CLEARS_SESSION,
    GET_THAT_COUNTS_REQUESTS,
    GET_THAT_MEETS_THE_TARGET,
    REFUSED,
    lines_for,
    names_of_staff_pages,
)
from tests.support.addresses import NEUTRAL, every_name
from tests.support.every_address import POST_WITH_ERRORS, request_every_address
from tests.support.page_faults import header_faults, html_faults, tag_faults
from tests.support.proxy import is_stored
from tests.support.reading_texts import faults_of, no_faults, texts_of_responses

pytestmark = pytest.mark.django_db

CACHEABLE_PAGES = {
    "home",
    *(
        "boroughs:areas",
        "boroughs:area",
        "boroughs:area-picture",
        "boroughs:picture",
        "boroughs:poster",
        "boroughs:poster-a5",
        "boroughs:safety",
        "boroughs:privacy",
    ),
    *("boroughs:cookies", "boroughs:accessibility", "boroughs:attribution", "boroughs:sitemap", "boroughs:robots"),
    *("easy_read:index", "easy_read:how-it-works", "easy_read:staying-safe", "easy_read:what-you-say"),
    *("easy_read:how-it-works-document", "easy_read:staying-safe-document", "easy_read:what-you-say-document"),
    *("open_data:figures_csv", "open_data:figures_json", "open_data:figures_metadata", "open_data:quarter_json"),
    *("what_women_told_us:london", "what_women_told_us:area", "what_women_told_us:report"),
    *("open_data:improvements_json", "open_data:improvements_feed", "open_data:openapi"),
}


@pytest.fixture(scope="module")
def responses_to(module_world):
    """`responses_to(who)`: the response of every address to this user, requested once. Each process tests one user."""
    return cache(partial(request_every_address, module_world))


CONCERN_PAGES = {name for name in names_of_staff_pages() if name.startswith("feedback:")}
ANSWERS = {"triage:claim", "triage:claim_many", "triage:give_reason", "triage:give_reason_on_walk"}
"""Their lines say that she claimed the booking, or why she needs it. They show nothing."""
FOR_EACH_PERSON = pytest.mark.parametrize("who", ALL_PEOPLE)


@FOR_EACH_PERSON
def test_responses_match_the_access_table(who, responses_to):
    answers = {line: responses_to(who)[line] for line in lines_for(who)}

    outcomes = {line: answer.outcome + ("*" if answer.changed_rows else "") for line, answer in answers.items()}

    assert outcomes == {line: EXPECTED_RESPONSES[line][who] for line in lines_for(who)}


@FOR_EACH_PERSON
def test_every_response_has_the_security_headers(who, responses_to):
    faults = {line: header_faults(answer) for line, answer in responses_to(who).items()}

    assert {line: wrong for line, wrong in faults.items() if wrong} == {}


@FOR_EACH_PERSON
def test_every_page_is_valid_html(who, responses_to):
    pages = {line: answer.html for line, answer in responses_to(who).items() if answer.html}

    faults = {line: html_faults(html) for line, html in pages.items()}

    assert len(pages) > 40
    assert {line: wrong for line, wrong in faults.items() if wrong} == {}


STAFF = [who for who in ALL_PEOPLE if who != "signed_out"]


@pytest.mark.parametrize("who", STAFF)
def test_read_log_names_every_row_of_which_a_response_shows_a_detail(who, responses_to):
    answers = responses_to(who)

    unlogged = {line: answer.shown - answer.logged for line, answer in answers.items()}

    assert {line: rows for line, rows in unlogged.items() if rows} == {}


@FOR_EACH_PERSON
def test_security_log_has_a_line_for_each_403_to_a_signed_in_person_and_no_other(who, responses_to):
    wrong = {
        line: answer.refusals
        for line, answer in responses_to(who).items()
        if answer.refusals != ((line[0],) if answer.status_code == 403 and who != "signed_out" else ())
    }

    assert wrong == {}


def test_inspector_who_has_not_said_why_reads_nothing_of_a_requester(responses_to):
    answers = responses_to("not_told_why")

    read = {
        line: {subject for subject, _pk in answer.shown | (set() if line[0] in ANSWERS else answer.logged)}
        for line, answer in answers.items()
    }

    allowed = {name: {"concern"} for name in CONCERN_PAGES}
    assert {line: subjects for line, subjects in read.items() if subjects - allowed.get(line[0], set())} == {}
    assert answers["triage:decline", "GET"].html
    assert "Why do you need her details?" in answers["triage:decline", "GET"].html


def test_responses_show_details_in_lists_pages_and_refused_forms(responses_to):
    showing = {line for line, answer in responses_to("inspector").items() if answer.shown}

    assert showing >= {
        ("triage:queue", "GET"),
        ("triage:booking", "GET"),
        ("triage:decline", POST_WITH_ERRORS),
        ("on_the_day:walk", "GET"),
        ("feedback:concern", POST_WITH_ERRORS),
    }


@pytest.mark.parametrize("who", ["signed_out"])
def test_every_public_page_is_easy_to_read(who, responses_to):
    texts = texts_of_responses(responses_to(who))

    assert len(texts) > 100
    assert faults_of(texts) == no_faults()


@pytest.mark.parametrize("who", ["signed_out"])
def test_only_pages_that_are_the_same_for_everyone_may_be_cached(who, responses_to):
    answers = {name: responses_to(who)[name, "GET"] for name in every_name()}

    stored = {name for name, answer in answers.items() if "no-store" not in answer.headers["Cache-Control"]}

    assert stored == CACHEABLE_PAGES


@pytest.mark.parametrize("who", ["signed_out"])
def test_proxy_stores_these_pages_and_no_other(who, world):
    def may_be_stored(name):
        path = world.path(name).partition("?")[0]
        return is_stored(path, site="discreet" if name.startswith(NEUTRAL) else "public")

    assert {name for name in every_name() if may_be_stored(name)} == CACHEABLE_PAGES


@pytest.mark.parametrize("who", ["inspector"])
def test_pages_that_are_the_same_for_everyone_do_not_depend_on_who_reads_them(who, world):
    strangers, inspectors = world.enter("signed_out"), world.enter(who)

    same = {
        name for name in CACHEABLE_PAGES if world.ask(inspectors, name).content == world.ask(strangers, name).content
    }

    assert same == CACHEABLE_PAGES


def test_every_address_is_in_the_access_table():
    assert sorted(EXPECTED_RESPONSES) == sorted((name, method) for name in every_name() for method in ("GET", "POST"))


def test_access_table_lets_no_get_or_refusal_change_a_row():
    acts = {
        (*line, answer[:-1])
        for line, answers in EXPECTED_RESPONSES.items()
        for answer in answers.values()
        if "*" in answer
    }

    reads_that_write = GET_THAT_CLEARS_SESSION | GET_THAT_MEETS_THE_TARGET | GET_THAT_COUNTS_REQUESTS
    assert {name for name, method, _answer in acts if method == "GET"} == reads_that_write
    assert not {answer for _name, _method, answer in acts} & REFUSED


# --- The checks find planted faults ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "html",
    [
        "<script>1</script>",
        "<style>p{}</style>",
        '<p style="color:red">',
        '<p onclick="1">',
        '<a href="javascript:alert(1)">',
        '<img src="https://example.com/a.png">',
        '<link href="//example.com/a.css">',
        '<form action="https://example.com/">',
    ],
)
def test_tag_faults_are_found(html):
    assert tag_faults(html)
    assert not tag_faults('<a href="https://www.met.police.uk/">')


@pytest.mark.parametrize(
    "body",
    [
        '<p id="a"><b id="a">',
        "<p><div></p>",
        '<input spellcheck="false" spellcheck="false">',
        "<p>&nosuch;",
        '<label for="a">',
        '<p aria-describedby="a b" id="a">',
    ],
)
def test_html_faults_are_found(body):
    good = '<!DOCTYPE html><html lang="en"><title>T</title><p id="a"></p></html>'

    assert html_faults(good) == []
    assert html_faults(f'<!DOCTYPE html><html lang="en"><title>T</title>{body}</html>')
