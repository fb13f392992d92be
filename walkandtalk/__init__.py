# Tasks belong to the application that exists when they are called, in the web processes too.
from walkandtalk.celery import app as celery_app

__all__ = ["celery_app"]
