"""Pages of mistakes carry the same headers as the others; every other page is in test_every_address.py."""

import pytest
from django.conf import settings
from django.test import Client

from tests.support.page_faults import header_faults
from tests.support.page_responses import PageResponse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("host", ["testserver", settings.DISCREET_HOST])
@pytest.mark.parametrize("address", ["/nowhere/", "/?a=%00", "/my-walk/nobody/", "/r/nobody/"])
def test_pages_of_mistakes_are_as_careful(address, host, client):
    response = client.get(address, headers={"host": host})

    assert response.status_code in (400, 404)
    assert header_faults(PageResponse.of(response)) == []


@pytest.mark.parametrize("host", ["testserver", settings.DISCREET_HOST])
def test_page_of_a_form_without_its_token_is_as_careful(host):
    prefix = "/r/" if host == settings.DISCREET_HOST else "/my-walk/"

    response = Client(enforce_csrf_checks=True).post(prefix, {"reference": "x"}, headers={"host": host})

    assert response.status_code == 403
    assert header_faults(PageResponse.of(response)) == []
