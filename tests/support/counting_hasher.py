"""A password hasher that counts its work, for PASSWORD_HASHERS: `"tests.support.counting_hasher.CountingHasher"`."""

from django.contrib.auth.hashers import MD5PasswordHasher


class CountingHasher(MD5PasswordHasher):
    """Django's hasher for tests. It reads and makes the same hashes, and `hashed` has every password it was given."""

    hashed = []

    def encode(self, password, salt):
        self.hashed.append(password)
        return super().encode(password, salt)
