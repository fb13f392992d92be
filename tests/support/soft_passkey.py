"""A passkey in Python: it answers what a page asks as a device would, or as an attacker might."""

import hashlib
import json
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

CREDENTIAL_ID = b"a passkey of a test!"


class SoftPasskey:
    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.count = 0
        self.handle = None

    def create(self, options, **lies):
        """Return the answer to the options of a page that adds a passkey."""
        self.handle = options["user"]["id"]
        public_key = ES256.from_cryptography_key(self.key.public_key())
        credential = AttestedCredentialData.create(Aaguid.NONE, CREDENTIAL_ID, public_key)
        device = self._authenticator_data(AuthenticatorData.FLAG.AT, credential, **lies)
        attestation = AttestationObject.create("none", device, {})
        response = {"attestationObject": websafe_encode(attestation)}
        return self._answer(response | {"clientDataJSON": _client_data("webauthn.create", options, **lies)})

    def get(self, options, **lies):
        """Return the answer to the options of a page that asks for a passkey."""
        device = self._authenticator_data(AuthenticatorData.FLAG(0), **lies)
        said = _client_data("webauthn.get", options, **lies)
        signed = self.key.sign(device + hashlib.sha256(websafe_decode(said)).digest(), ec.ECDSA(SHA256()))
        response = {"authenticatorData": websafe_encode(device), "signature": websafe_encode(signed)}
        return self._answer(response | {"clientDataJSON": said, "userHandle": self.handle})

    def _authenticator_data(self, flags, credential=b"", *, verified=True, host=None, **lies):
        flags |= AuthenticatorData.FLAG.UP | (AuthenticatorData.FLAG.UV if verified else 0)
        rp_hash = hashlib.sha256((host or urlsplit(settings.PUBLIC_URL).hostname).encode()).digest()
        return AuthenticatorData.create(rp_hash, flags, self.count, credential)

    def _answer(self, response):
        here = websafe_encode(CREDENTIAL_ID)
        return json.dumps({"id": here, "rawId": here, "type": "public-key", "response": response})


def _client_data(kind, options, *, origin=None, cross_origin=False, **lies):
    said = {"type": kind, "challenge": options["challenge"], "origin": origin or settings.PUBLIC_URL}
    return websafe_encode(json.dumps(said | {"crossOrigin": cross_origin}).encode())
