"""Imports by which Django finds the models. Other code imports the module that defines a model."""

from feedback.models import concerns, contacts, events, improvements, notes, places, referrals, walk_answers
