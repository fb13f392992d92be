from django.apps import AppConfig


class KeysConfig(AppConfig):
    name = "walkandtalk.lib.keys"
    label = "keys"
    verbose_name = "Rotation of keys"
