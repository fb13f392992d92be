"""The button that signs someone out everywhere."""

from walkandtalk.lib.govuk.forms import PageForm


class SignOutForm(PageForm):
    button = "Sign them out everywhere"
    button_style = "warning"
