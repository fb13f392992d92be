"""Django finds the models through these imports. Other code imports the module that defines a model."""

from partners.models import open311, partners
