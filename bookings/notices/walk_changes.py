"""Changes to a walk, each in its own sentence, which the requester reads first."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

DATE = _("The date is now %(date)s.")
START = _("The walk now starts at %(time)s.")
MINUTES = _("The walk now lasts %(minutes)s minutes.")
MEETING_PLACE = _("The meeting place is now %(place)s.")
MAP_POINT_MOVED = _("The map now shows another spot.")
MAP_POINT_REMOVED = _("There is no map any more.")
FINISH_PLACE = _("The walk now finishes here: %(place)s.")
DUTY_NUMBER = _("The number for the day is now %(number)s.")

FACTS = (
    (DATE,),
    (START,),
    (MINUTES,),
    (MEETING_PLACE,),
    (MAP_POINT_MOVED, MAP_POINT_REMOVED),
    (FINISH_PLACE,),
    (DUTY_NUMBER,),
)


def merge_changes(unsent: Sequence[str], new: Sequence[str]) -> list[str]:
    """Add the new sentences to the unsent ones, and keep only the newest sentence about each fact."""
    new_facts = {_changed_fact(sentence) for sentence in new}
    return [*(sentence for sentence in unsent if _changed_fact(sentence) not in new_facts), *new]


def _changed_fact(sentence: str) -> object:
    """Return the fact that a sentence is about, whatever its value, or the sentence itself if it is about none."""
    for fact in FACTS:
        if any(sentence.startswith(str(template).partition("%(")[0]) for template in fact):
            return fact
    return sentence
