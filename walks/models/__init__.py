"""Imports by which Django finds the models. Other code imports the module that defines a model."""

from walks.models import duties, feeds, recurring_walks, takeovers, walks
