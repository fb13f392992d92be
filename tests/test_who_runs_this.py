"""Public pages, posters and full messages say who runs the service; the neutral host and discreet messages never do."""

import pytest
from django.conf import settings as project_settings

from bookings.statuses import Channel
from tests.support.factories import scheduled_booking
from tests.support.pdf_pages import PdfPage
from tests.support.sample_messages import read_whole_message, write_to_requester

pytestmark = pytest.mark.django_db

RUN_BY = "Run by the Metropolitan Police Service"
ADDRESS = "New Scotland Yard, Victoria Embankment, London SW1A 2JL"


@pytest.mark.parametrize("address", ["/", "/request/", "/my-walk/", "/no-such-page/"])
def test_every_public_page_says_it_in_header_and_footer(client, address):
    page = client.get(address).text

    header, footer = page.partition("<main")[0], page.partition("<footer")[2]
    assert RUN_BY in header
    assert f"run by the Metropolitan Police Service, {ADDRESS}" in footer


def test_privacy_page_has_every_text_and_the_day_of_the_oldest_check(client):
    page = client.get("/privacy/").text

    run_by = project_settings.ORGANISATION
    for text in (run_by.address, run_by.data_controller, run_by.legal_basis, run_by.data_protection):
        assert str(text) in page
    assert f"To complain about this service: {run_by.complaints}" in page
    assert "Last checked on Saturday 28 November 2026" in page


@pytest.mark.parametrize("name", ["poster.pdf", "poster-a5.pdf"])
def test_poster_says_it(name, client, southwark):
    poster = PdfPage(client.get(f"/areas/southwark/{name}").content)

    assert RUN_BY in poster.words


@pytest.mark.parametrize(("channel", "says_it"), [(Channel.FULL, True), (Channel.DISCREET, False)])
def test_full_message_says_it_at_the_end_and_discreet_one_nowhere(channel, says_it, southwark, officer, second_officer):
    booking = scheduled_booking([officer, second_officer], borough=southwark, channel=channel)

    message = write_to_requester("booking_scheduled", booking)

    ends_with = f"Complain about this service: {project_settings.ORGANISATION.complaints}\n"
    assert message.text.endswith(ends_with) is says_it
    assert ("Metropolitan" in message.html) is says_it
    assert ("Metropolitan" in read_whole_message(message)) is says_it


@pytest.mark.parametrize("address", ["/", "/r/", "/no-such-page/"])
def test_neutral_host_says_nothing_and_offers_a_quiet_way_out(client, address):
    page = client.get(address, headers={"host": project_settings.DISCREET_HOST}).text

    assert "Metropolitan" not in page
    assert "Exit this page" not in page
    assert "govuk-button--warning" not in page
