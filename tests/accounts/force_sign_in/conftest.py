"""The force's sign-in, switched on, with a real provider."""

import pytest
from allauth.socialaccount.models import SocialAccount

from tests.support.force_provider import ForceProvider


@pytest.fixture(scope="session")
def running_provider():
    with ForceProvider() as provider:
        yield provider


@pytest.fixture
def provider(running_provider, settings):
    settings.FORCE_SIGN_IN = running_provider.settings()
    return running_provider


@pytest.fixture
def oid(provider, inspector):
    """The inspector's id at the provider, connected with her account here."""
    SocialAccount.objects.create(user=inspector, provider=provider.issuer, uid="oid-ines")
    provider.set_person("oid-ines", email=inspector.email, name="Someone Else")
    return "oid-ines"
