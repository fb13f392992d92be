"""Coloured labels that staff pages show beside a walk."""

from dataclasses import dataclass

from walks.models.walks import Walk
from walks.statuses import WalkStatus


@dataclass(frozen=True)
class Flag:
    text: str
    colour: str

    @property
    def classes(self) -> str:
        return f"govuk-tag--{self.colour}"


UNDER_WAY = Flag("Under way", "teal")


def walk_flags(walk: Walk) -> list[Flag]:
    flags = [UNDER_WAY] if walk.status == WalkStatus.UNDER_WAY else []
    if walk.is_live and walk.is_short:
        assigned, required = len(walk.live_officers()), walk.least_officers
        flags.append(Flag(f"{assigned or 'No'} of {required} officers", "red"))
    return flags
