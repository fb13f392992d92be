"""Ways to reach a team without speaking, wherever a requester reads its number (docs/rules.md#without-speaking)."""

from dataclasses import dataclass
from typing import Self

from django.utils.translation import gettext as _

from walkandtalk.lib.plain_text import one_line


@dataclass(frozen=True)
class WithoutSpeaking:
    """Text relay and, if the team reads text messages, its text number. A template puts a colon before the link."""

    text: str
    number: str = ""
    url: str = ""

    @classmethod
    def of(cls, duty_number: str, text_number: str) -> Self:
        relay = _("Dial 18001 %(number)s in the Relay UK app and type") % {"number": one_line(duty_number)}
        if not text_number:
            return cls(relay)
        text = _("%(relay)s. Or send a text message") % {"relay": relay}
        return cls(text, text_number, f"sms:{text_number.replace(' ', '')}")
