"""Django finds the models by these imports. Everybody else imports the module that defines one."""

from walks.models import duties, feeds, recurring_walks, walks
