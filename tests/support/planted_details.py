"""A word for each personal detail of each row, to see which rows a response shows, and which the read log names."""

import re

from bookings.models.contacts import BookingContact
from bookings.models.events import EventNote
from bookings.models.read_log import ReadLog
from bookings.models.team_messages import TeamMessage
from feedback.models.concerns import Concern
from feedback.models.notes import WalkNote
from walks.models.walks import Walk

WORD = re.compile(rb"Planted([bwc])n(\d+)n")
FIELDS = {
    BookingContact: ["name", "needs_details", "meeting_place", "route"],
    TeamMessage: ["words"],
    EventNote: ["text"],
    WalkNote: ["agreed", "words"],
    Walk: ["meeting_place", "finish_place", "officers_phrase", "requester_phrase"],
    Concern: ["place", "text"],
}


class PlantedDetails:
    """Writes a word into every personal detail. The word says whether it is about a booking, walk or concern."""

    def __init__(self):
        self.subjects = []
        for model, names in FIELDS.items():
            for row in model.objects.all():
                self._plant(row, [name for name in names if getattr(row, name)])
        self.last_line = self._newest_line()

    def _plant(self, row, names):
        if row.details_opened is None or not names:
            return
        _kind, subject, pk = row.details_opened
        if (subject, pk) not in self.subjects:
            self.subjects.append((subject, pk))
        for name in names:
            setattr(row, name, f"Planted{subject[0]}n{self.subjects.index((subject, pk))}n")
        row.save(update_fields=names)

    def shown_in(self, response):
        """Return the bookings, walks and concerns of which the response shows a detail."""
        body = b"".join(response.streaming_content) if response.streaming else response.content
        return {self.subjects[int(number)] for _subject, number in WORD.findall(body)}

    def newly_logged(self):
        """Return the bookings, walks and concerns of the lines written since the last call."""
        lines = ReadLog.objects.filter(pk__gt=self.last_line)
        logged = {self._subject(line) for line in lines}
        self.last_line = max([self.last_line, *(line.pk for line in lines)])
        return logged

    def _subject(self, line):
        return next(
            (subject, pk) for subject in ("booking", "walk", "concern") if (pk := getattr(line, f"{subject}_id"))
        )

    def _newest_line(self):
        return max(ReadLog.objects.values_list("pk", flat=True), default=0)
