"""Django finds the models by these imports. Everybody else imports the module that defines one."""

from feedback.models import concerns, events, notes
