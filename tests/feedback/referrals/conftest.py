"""An improvement with one concern that may be passed on, its partner, and their referral."""

import re

import pytest

from feedback.models.referrals import Referral
from feedback.referrals.actions import ReferralDetails, refer_improvement
from outbox.models import Message
from tests.feedback.improvements.conftest import improvement, joan, maya, reload  # noqa: F401  # fixtures
from tests.support.partners import make_partner


@pytest.fixture
def council(southwark):
    return make_partner("Southwark Council", boroughs=[southwark], inbox="lights@council.example.com")


@pytest.fixture
def referral(improvement, council, inspector):  # noqa: F811
    return refer(improvement, council, inspector)


def refer(improvement, partner, by, version=None, **fields):  # noqa: F811
    improvement = reload(improvement)
    details = ReferralDetails(partner=partner, words="By the steps.", to_requesters="They mend lamps.", **fields)
    version = improvement.version if version is None else version
    return refer_improvement(improvement, details, by=by, version=version)


def to_partner(kind="partner_referral"):
    return Message.objects.filter(kind=kind).order_by("number").last()


def link_of(message):
    """Return the address with which the partner answers."""
    return re.search(r"https?://[^/]+(/partner/\S+/)", message.text)[1]


def latest():
    return Referral.objects.order_by("-number").first()
