"""The figures of a run, beside their promises."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Result:
    run: str
    what: str
    found: float
    most: float | None = None
    least: float | None = None
    unit: str = ""

    @property
    def is_met(self):
        return (self.most is None or self.found <= self.most) and (self.least is None or self.found >= self.least)

    @property
    def promise(self):
        if self.most is not None and self.most == self.least:
            return f"{self.most:g}{self.unit}"
        return f"≤ {self.most:g}{self.unit}" if self.most is not None else f"≥ {self.least:g}{self.unit}"


def exactly(run, what, found, promised, unit=""):
    return Result(run, what, found, most=promised, least=promised, unit=unit)


def show(results):
    width = max(len(f"{figure.run}: {figure.what}") for figure in results)
    print(f"{'':{width}}  {'figure':>12}  {'promise':>12}  met")
    for figure in results:
        name = f"{figure.run}: {figure.what}"
        value = f"{figure.found:.4g}{figure.unit}"
        print(f"{name:{width}}  {value:>12}  {figure.promise:>12}  {'yes' if figure.is_met else 'NO'}", flush=True)


class SentMessages:
    """The times at which the mail server accepted each Message-ID."""

    def __init__(self, folder):
        self.times = defaultdict(list)
        for path in folder.glob("*.eml"):
            stamp, _, digest = path.stem.partition("-")
            self.times[digest].append(datetime.strptime(stamp, "%Y%m%dT%H%M%S.%fZ").replace(tzinfo=UTC))

    def of(self, message):
        from devtools.mail import mailbox

        return sorted(self.times.get(mailbox._digest(message.message_id.encode()), []))


def _digests_of_every_message():
    """Include what jobs wrote meanwhile, such as the auditor's digest in the morning."""
    from devtools.mail import mailbox
    from outbox.models import Message

    return {mailbox._digest(each.encode()) for each in Message.objects.values_list("message_id", flat=True)}


def counted(folder, messages):
    """Count lost, duplicate and unknown messages, and the longest wait until the server had one, in seconds."""
    handed = SentMessages(folder)
    times = {message.pk: handed.of(message) for message in messages}
    waits = [(found[0] - message.created_at).total_seconds() for message in messages if (found := times[message.pk])]
    return Counter(
        lost=sum(not found for found in times.values()),
        twice=sum(len(found) - 1 for found in times.values() if found),
        unknown=len(set(handed.times) - _digests_of_every_message()),
        slowest=max(waits, default=0),
    )


def clear(folder):
    for path in folder.glob("*.eml"):
        path.unlink()
