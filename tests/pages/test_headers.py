"""Error pages have the same headers as other pages, which test_every_address.py checks."""

import pytest
from django.conf import settings
from django.test import Client

from tests.support.page_faults import header_faults
from tests.support.page_responses import PageResponse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("host", ["testserver", settings.DISCREET_HOST])
@pytest.mark.parametrize("address", ["/nowhere/", "/?a=%00", "/my-walk/nobody/", "/r/nobody/"])
def test_error_pages_have_the_security_headers(address, host, client):
    response = client.get(address, headers={"host": host})

    assert response.status_code in (400, 404)
    assert header_faults(PageResponse.of(response)) == []


@pytest.mark.parametrize("host", ["testserver", settings.DISCREET_HOST])
def test_csrf_failure_page_has_the_security_headers(host):
    prefix = "/r/" if host == settings.DISCREET_HOST else "/my-walk/"

    response = Client(enforce_csrf_checks=True).post(prefix, {"reference": "x"}, headers={"host": host})

    assert response.status_code == 403
    assert header_faults(PageResponse.of(response)) == []
