"""The signature of an ID token."""

import json
import time

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from accounts.force_sign_in.id_tokens import TokenRefused, read_id_token
from walkandtalk.lib.force_sign_in import ForceSignIn

FORCE = ForceSignIn(
    issuer="https://force.example",
    client_id="walkandtalk",
    client_secret="s" * 32,
    name="Met sign-in",
    second_factor_claim="amr",
    second_factor_values=frozenset({"mfa"}),
    member_claim="roles",
    member_values=frozenset({"WalkAndTalk"}),
    break_glass_email="breakglass@example.com",
)


@pytest.fixture(scope="module")
def secret_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_key(secret_key, kid="first"):
    described = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(secret_key.public_key()))
    return jwt.PyJWK({**described, "kid": kid, "alg": "RS256"})


def claims(**others):
    now = int(time.time())
    usual = {"iss": FORCE.issuer, "aud": "walkandtalk", "iat": now, "exp": now + 60, "nonce": "n", "oid": "o"}
    return usual | others


def test_signed_token_is_read(secret_key):
    told = {"amr": ["pwd", "mfa"], "roles": ["Other", "WalkAndTalk"], "auth_time": 5}
    token = jwt.encode(claims(**told), secret_key, "RS256", headers={"kid": "first"})

    identity = read_id_token(token, [public_key(secret_key)], nonce="n", force=FORCE)

    assert (identity.uid, identity.has_second_factor, identity.is_member) == ("o", True, True)
    assert identity.authenticated_at == 5


def test_token_that_says_nothing_has_no_second_factor_and_no_membership(secret_key):
    token = jwt.encode(claims(), secret_key, "RS256")

    identity = read_id_token(token, [public_key(secret_key)], nonce="n", force=FORCE)

    assert (identity.has_second_factor, identity.is_member, identity.authenticated_at) == (False, False, 0)


def unsigned(secret_key):
    return jwt.encode(claims(), None, "none")


def signed_by_another_key(secret_key):
    return jwt.encode(claims(), rsa.generate_private_key(public_exponent=65537, key_size=2048), "RS256")


def signed_with_our_own_secret(secret_key):
    return jwt.encode(claims(), FORCE.client_secret, "HS256")


def of_an_unknown_key(secret_key):
    return jwt.encode(claims(), secret_key, "RS256", headers={"kid": "second"})


def without_a_nonce(secret_key):
    told = claims()
    del told["nonce"]
    return jwt.encode(told, secret_key, "RS256")


def signed_with_another_kind_of_key(secret_key):
    return jwt.encode(claims(), ec.generate_private_key(ec.SECP256R1()), "ES256")


def no_token(secret_key):
    return "no token"


@pytest.mark.parametrize(
    "forge",
    [
        unsigned,
        signed_by_another_key,
        signed_with_our_own_secret,
        signed_with_another_kind_of_key,
        of_an_unknown_key,
        without_a_nonce,
        no_token,
    ],
)
def test_forged_token_is_refused(forge, secret_key):
    with pytest.raises(TokenRefused):
        read_id_token(forge(secret_key), [public_key(secret_key)], nonce="n", force=FORCE)
