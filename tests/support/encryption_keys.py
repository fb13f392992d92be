"""Keys for encrypted fields."""

import base64
import os


def make_field_key(key_id):
    return f"{key_id}:{base64.b64encode(os.urandom(32)).decode()}"
