import os

from django.core.wsgi import get_wsgi_application

from boroughs import places, postcodes

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "walkandtalk.settings")

application = get_wsgi_application()

# Before the first visitor: unpacking postcodes and reading places takes 0.15 s once.
postcodes.warm()
places.warm()
