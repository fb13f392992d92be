"""Imports by which Django finds the models. Other code imports the module that defines a model."""

from figures.models import followers, snapshots, tallies
