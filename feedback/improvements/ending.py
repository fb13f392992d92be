"""The end of a referral: the partner owes us nothing more, and nothing more is sent to it."""

from django.utils import timezone

from feedback.models.improvements import Improvement
from feedback.models.referrals import ASKING_KINDS, Referral
from outbox.actions import supersede
from partners.actions import cancel_open311_request
from walkandtalk.lib.rows import save_changes


def end_referrals(improvement: Improvement) -> None:
    """End the open referral, because the improvement has ended or goes to someone else.

    What has not left yet is not sent. The caller holds the lock of the improvement.
    """
    for referral in Referral.objects.waiting().filter(improvement=improvement).select_related("open311"):
        save_changes(referral, ended_at=timezone.now(), has_news=False)
        supersede(referral.thread, kinds=ASKING_KINDS)
        if referral.open311 is not None:
            cancel_open311_request(referral.open311)
