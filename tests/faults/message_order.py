"""Schedule, move, reassign and cancel walks while the senders are killed."""

import datetime
import random
import time
from email import policy
from email.parser import BytesHeaderParser
from uuid import uuid4

from tests.faults.kills import delivered_within
from tests.faults.results import Result, clear, exactly

# A message that the server already has cannot be recalled when a newer one is written.
IN_HAND = datetime.timedelta(seconds=2)
TIMEOUT_SECONDS = 30


def run(
    rig, *, sequences, kills, seed, without=(), moods=("", "", "451x1", "dropx1"), senders=("loop", "worker"), until=""
):
    """Run the sequences. `until` names the harm that must occur: the run waits for it, and not for other messages."""
    name = f"{sequences} sequences" + "".join(f", no {protection}" for protection in without)
    by_chance = random.Random(seed)
    clear(rig.mail)
    rig.only(senders, without=without)
    world = World(by_chance, moods)
    kill_after = set(by_chance.sample(range(sequences), kills))
    for number in range(sequences):
        world.run_walk_history()
        if number in kill_after:
            victim = by_chance.choice(senders)
            rig.kill(victim)
            rig.start_sender(victim, without=without, wait=False)
    threads = [f"requester:{booking.pk}" for booking in world.bookings]
    from outbox.models import Message

    written = list(Message.objects.filter(thread__in=threads).values_list("pk", flat=True))
    delivered_within(written, 150, unless=lambda: until and read(rig.mail, threads)[until])
    counts = read(rig.mail, threads)
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while until and not counts[until] and time.monotonic() < deadline:
        time.sleep(0.5)
        counts = read(rig.mail, threads)
    return [
        Result(name, "messages to requesters", len(written), least=sequences),
        Result(name, "changes and cancellations among them", world.changes, least=sequences // 2),
        exactly(name, "older message after a newer one", counts["older_after_newer"], 0),
        exactly(name, "superseded and sent all the same", counts["overtaken"], 0),
        exactly(name, "sent after the walk started", counts["too_late"], 0),
        exactly(name, "latest message not sent in time", counts["missing"], 0),
    ]


class World:
    """One team with many officers, and bookings made one after another."""

    def __init__(self, by_chance, moods):
        from tests.support.factories import BoroughFactory, InspectorFactory, OfficerFactory

        self.by_chance = by_chance
        self.moods = moods
        self.borough = BoroughFactory()
        self.inspector = InspectorFactory(bcu=self.borough.bcu, password=None)
        self.officers = [OfficerFactory(bcu=self.borough.bcu, password=None) for _each in range(40)]
        self.bookings = []
        self.changes = 0

    def run_walk_history(self):
        """Schedule one walk, change it up to three times, and sometimes cancel it."""
        from bookings.scheduling.changes.actions import WalkChange, change_walk
        from bookings.scheduling.schedule.actions import Schedule, schedule_booking
        from tests.support.factories import BookingFactory
        from walkandtalk.lib.errors import ActionError

        mood = self.by_chance.choice(self.moods)
        booking = BookingFactory(
            borough=self.borough,
            contact__email=f"{uuid4()}{'+' + mood if mood else ''}@example.com",  # the server counts by address
            contact__needs=[],
            contact__needs_details="",
        )
        self.bookings.append(booking)
        try:
            plan, officers = self.plan(), self.team()
            walk = schedule_booking(
                booking, Schedule(plan=plan, officers=officers), by=self.inspector, version=booking.version
            )
            for _each in range(self.by_chance.randint(0, 3)):
                time.sleep(self.by_chance.choice([0, 0, 0.05]))
                plan, officers = self.by_chance.choice([(self.plan(), officers), (plan, self.team())])
                walk.refresh_from_db()
                change_walk(walk, WalkChange(plan=plan, officers=officers), by=self.inspector, version=walk.version)
                self.changes += 1
            if self.by_chance.random() < 0.4:
                booking.refresh_from_db()
                self.cancel(booking)
                self.changes += 1
        except ActionError:
            pass  # an officer was not free, or the walk had started: a valid outcome too

    def cancel(self, booking):
        from bookings.scheduling.cancellation import actions

        if self.by_chance.random() < 0.5:
            actions.cancel_booking_by_requester(booking)
        else:
            actions.cancel_booking_by_us(
                booking, actions.Cancellation(reason="illness"), by=self.inspector, version=booking.version
            )

    def plan(self):
        from django.utils import timezone

        from walks.planning.plans import WalkDetails

        soon = self.by_chance.random() < 0.1
        ahead = datetime.timedelta(seconds=5) if soon else datetime.timedelta(days=self.by_chance.randint(2, 40))
        return WalkDetails(
            start_at=timezone.now() + ahead + datetime.timedelta(minutes=0 if soon else self.by_chance.randint(0, 600)),
            minutes=30,
            meeting_place=f"Lamp post {self.by_chance.randint(1, 999)}",
            finish_place="Back at the start",
            duty_number="020 7946 0101",
        )

    def team(self):
        return self.by_chance.sample(self.officers, 2)


def read(folder, threads):
    from outbox.models import Message

    messages = {message.message_id: message for message in Message.objects.filter(thread__in=threads)}
    handed = arrivals(folder, messages)
    counts = {"older_after_newer": 0, "overtaken": 0, "too_late": 0, "missing": 0}
    highest, read_ids = {}, set()
    for at, message in handed:
        if message.number < highest.get(message.thread, 0):
            counts["older_after_newer"] += 1
        highest[message.thread] = max(message.number, highest.get(message.thread, 0))
        counts["overtaken"] += bool(message.superseded_at and at > message.superseded_at + IN_HAND)
        counts["too_late"] += bool(message.expires_at and at > message.expires_at + IN_HAND)
        read_ids.add(message.pk)
    last = {}
    for message in sorted(messages.values(), key=lambda message: message.number):
        last[message.thread] = message
    counts["missing"] = sum(message.pk not in read_ids and message.state != "expired" for message in last.values())
    return counts


def arrivals(folder, messages):
    parser = BytesHeaderParser(policy=policy.default)
    for path in sorted(folder.glob("*.eml")):
        message = messages.get(str(parser.parsebytes(path.read_bytes())["Message-ID"]))
        if message is not None:
            stamp = datetime.datetime.strptime(path.stem.partition("-")[0], "%Y%m%dT%H%M%S.%fZ")
            yield stamp.replace(tzinfo=datetime.UTC), message
