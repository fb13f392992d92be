import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

from boroughs.geography import places, postcodes

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "walkandtalk.settings")

application = get_wsgi_application()

# Before the first visitor comes: import every page, which takes a second, and unpack postcodes and places.
for urls in ("walkandtalk.urls", "walkandtalk.discreet_urls"):
    import_module(urls)
postcodes.warm()
places.warm()
