"""The same runs with one protection taken out: each must find the harm that it is there to find."""

from tests.faults import kills, order
from tests.faults.figures import Figure


def bites(figures, *whats):
    """The figure that has to be missed now, however it is called in its own run."""
    found = max(figure.found for figure in figures if figure.what in whats)
    return Figure(f"teeth: {figures[0].run}", " or ".join(whats), found, least=1)


def run(rig, *, messages, kills_made, sequences):
    options = {"messages": messages, "kills": kills_made, "seed": 7}
    return [
        bites(kills.run(rig, **options, loop=False), "lost"),
        bites(kills.run(rig, **options, without=["reconciliation"]), "handed twice"),
        bites(kills.run(rig, **options | {"kills": 1}, without=["reconciliation", "lease"]), "handed twice"),
        bites(
            order.run(rig, sequences=sequences, kills=0, seed=7, without=["supersede"], moods=["451x1"]),
            "overtaken, and handed over afterwards",
        ),
        bites(
            order.run(rig, sequences=sequences, kills=0, seed=7, without=["order"], moods=["451x1"]),
            "an older one after a newer one",
        ),
    ]
