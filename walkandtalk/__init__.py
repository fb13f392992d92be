# Tasks use the current Celery application, so the web processes must load it too.
from walkandtalk.celery import app as celery_app

__all__ = ["celery_app"]
