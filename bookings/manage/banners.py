"""Sentences that tell the requester, on her page, what her last press did.

They never say where, when or with whom: they wait in her session until her page opens.
"""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookings.permissions import RequesterAction


@dataclass(frozen=True)
class Banner:
    """A sentence or two and, if they name the police or a walk, other words for the neutral host."""

    text: Promise
    neutral: Promise | None = None

    def show(self, request: HttpRequest) -> None:
        """Show the banner on the next of her pages."""
        is_neutral = request.discreet  # type: ignore[attr-defined]
        messages.success(request, str(self.neutral if is_neutral and self.neutral else self.text))


BANNERS = {
    RequesterAction.CONFIRM: Banner(_("Thank you. We know it was you.")),
    RequesterAction.REQUEST_OTHER_TIMES: Banner(_("You’ve asked for other times. We’ll answer on this page.")),
    RequesterAction.CANCEL: Banner(_("You’ve cancelled. You don’t need to do anything else.")),
    RequesterAction.ACKNOWLEDGE: Banner(_("Thank you. We know you’ve seen this.")),
    RequesterAction.REPORT_NOBODY_CAME: Banner(_("We’ve told the team. You don’t have to wait there.")),
    RequesterAction.CORRECT_ADDRESS: Banner(_("We’ll use the new email address from now on.")),
    RequesterAction.STOP_MESSAGES: Banner(_("We’ve stopped writing to you. Look here for news.")),
    RequesterAction.UNDO_ERASURE: Banner(_("We’ve kept your details. Nothing will be deleted now.")),
    RequesterAction.MESSAGE_TEAM: Banner(
        _("We’ve sent your message to the team. You’ll see here when they’ve read it.")
    ),
}
SHOWN_ON_PAGES = frozenset({RequesterAction.REPORT_NOT_MINE, RequesterAction.GET_COPY, RequesterAction.ERASE})
"""Actions that lead to a page of their own, which says what they did."""

CANCELLED_WALK = Banner(
    _("You’ve cancelled. We’ve told the officers."),
    _("You’ve cancelled. We’ve told the people you were going to meet."),
)
ADDRESS_STILL_UNCONFIRMED = Banner(
    _("Please open the link in our message to your new address, and press the button there.")
)
MESSAGES_RESUMED = Banner(_("We’ll write to you again."))
OFFER_ACCEPTED = Banner(_("Thank you. You said yes."))
OFFERS_DECLINED = Banner(_("You said no. We’ll keep looking."))
ONE_IS_ENOUGH = Banner(
    _("Thank you. You said one officer is all right."), _("Thank you. You said it’s all right if one comes.")
)
ONE_IS_TOO_FEW = Banner(_("You said no. We’ll keep looking for someone else."))
MAY_JOIN = Banner(_("Thank you. You said yes. You can change your mind below."))
MAY_NOT_JOIN = Banner(_("You said no. Nobody will be told why."))
