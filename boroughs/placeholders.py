"""Addresses and numbers that are kept for examples and fiction: nobody reads or answers them."""

import re

EXAMPLE_ADDRESS = r"(@|\.)(example\.(com|net|org)|example|invalid|localhost|test)$"
"""As in RFC 2606."""
_AREAS = r"11[3-8]4960|1[2-6]14960|1914980|2079460|2896496|2920180|1632960"
_OTHERS = r"3069990|7700900|8081570|9098790"
EXAMPLE_NUMBER = rf"^((00)?440?|0)({_AREAS}|{_OTHERS})"
"""Digits that Ofcom keeps for radio and television drama. PostgreSQL reads the same expression."""


def is_example_address(address: str) -> bool:
    return re.search(EXAMPLE_ADDRESS, address, re.IGNORECASE) is not None


def is_example_number(number: str) -> bool:
    return re.search(EXAMPLE_NUMBER, re.sub(r"\D", "", number)) is not None


def is_reachable(*, inbox: str, duty_number: str) -> bool:
    """Return whether someone may read that inbox and answer that number."""
    return bool(inbox and duty_number) and not (is_example_address(inbox) or is_example_number(duty_number))
