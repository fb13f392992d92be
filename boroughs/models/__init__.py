"""Django finds the models through these imports. Other code imports the module that defines a model."""

from boroughs.models import bcus, officers, posters, texts, unavailability
