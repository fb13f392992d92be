"""The messages to followers of an area, with sample data. They are always discreet."""

import datetime

from devtools.previews.sample_data import SampleMessages, Write
from figures.following import emails
from figures.models.followers import Follower
from figures.models.snapshots import Snapshot


class MessagesToFollowers(SampleMessages):
    def list_all(self) -> list[tuple[str, Write]]:
        return [
            ("follower-confirm-discreet", lambda: emails.confirm(self._follower(), "sample", now=self.now)),
            ("follower-update-discreet", self._update),
        ]

    def _update(self) -> None:
        emails.update(self._follower(), Snapshot(first_day=datetime.date(2026, 7, 1)), now=self.now)

    def _follower(self) -> Follower:
        return Follower(email="ines@example.com", token="sample")  # noqa: S106
