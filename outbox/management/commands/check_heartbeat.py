from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from outbox.health import readiness


class Command(BaseCommand):
    help = (
        "Succeed if this sender was seen lately, or if nobody can know. The health check of its container: each waits "
        "by itself for servers that are down, and a new process would wait no better."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("sender", choices=["worker", "loop"])
        parser.add_argument("--within", type=float, default=60.0, help="seconds (60)")

    def handle(self, *args: Any, sender: str, within: float, **options: Any) -> None:
        state = readiness()
        if not state["database"]:
            self.stdout.write(f"The database does not answer, so nobody knows when the {sender} was last seen.")
            return
        if sender == "worker" and state["broker"] is False:
            self.stdout.write("Redis does not answer, so the worker cannot be seen.")
            return
        age = state["worker_age"] if sender == "worker" else state["loop_age"]
        if age is None or age > within:
            raise CommandError(f"The {sender} was not seen in the last {within:.0f} s.")
        self.stdout.write(f"The {sender} was seen {age:.0f} s ago.")
