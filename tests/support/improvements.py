"""Two women who told us of the same place, the improvement that they wait for, and its partner."""

import re

from feedback.improvements.actions import ImprovementDetails
from feedback.models.concerns import Concern
from feedback.models.referrals import Referral
from feedback.referrals.actions import ReferralDetails, refer_improvement
from outbox.models import Message
from tests.support.feedback_factories import REVIEW_DATE

DETAILS = ImprovementDetails(
    change="Mend lamp column 14",
    where="Rye Lane, behind the library",
    kind="lighting",
    light="dark",
    lamp_number="14",
    review_date=REVIEW_DATE,
)


def reload(row):
    return type(row).objects.get(pk=row.pk)


def states(*concerns):
    return [reload(concern).state for concern in concerns]


def recipients(**which):
    return sorted(message.recipient for message in Message.objects.filter(**which))


def joined(improvement):
    return set(Concern.objects.filter(improvement=improvement))


def refer(improvement, partner, by, version=None, **fields):
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
