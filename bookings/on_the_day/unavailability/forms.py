"""The button that says that an officer is not available for walks."""

from walkandtalk.lib.govuk.forms import PageForm


class NotAvailableForm(PageForm):
    button = "Not available for walks"
    button_style = "warning"
