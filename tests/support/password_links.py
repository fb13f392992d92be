"""The link to choose a password, as its message has it, and the page behind it."""

import re

from accounts.emails import account_thread
from accounts.models import ResetRequest
from accounts.new_passwords.actions import answer_reset_request, invite
from outbox.models import Message

CHOOSE = "/staff/choose-password/"
CHOSEN = "quiet lanterns by the river"
LINK = re.compile(r"http://[^/\s]+(/staff/password-link/[\w-]+/)")


def messages_to(person, kind=None):
    messages = Message.objects.in_thread(account_thread(person))
    return list(messages.filter(kind=kind) if kind else messages)


def link_to(person):
    """Return the path of the newest link that this person was sent."""
    return [LINK.search(message.text)[1] for message in messages_to(person) if LINK.search(message.text)][-1]


def send_invitation(person, *, by):
    """Invite someone without a password, and return the path of the link."""
    person.set_unusable_password()
    person.save()
    invite(person, by=by)
    return link_to(person)


def send_reset(person):
    answer_reset_request(ResetRequest.objects.create(email=person.email))
    return link_to(person)


def choose(client, password=CHOSEN, again=None):
    """Choose a password on the page to which a link has led this browser."""
    return client.post(CHOOSE, {"new_password1": password, "new_password2": password if again is None else again})
