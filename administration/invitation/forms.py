"""The button that sends an invitation again."""

from walkandtalk.lib.govuk.forms import PageForm


class SendAgainForm(PageForm):
    button = "Send it again"
