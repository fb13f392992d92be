"""Imports by which Django finds the models. Other code imports the module that defines a model."""

from feedback.models import concerns, events, notes, walk_answers
