"""Django finds the models by these imports. Everybody else imports the module that defines one."""

from boroughs.models import bcus, officers, texts
