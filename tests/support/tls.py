"""Certificates of a private authority, for a server on this machine."""

import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def make_certificates(folder, host, *others):
    """Return the file of the authority, and one with the certificate and key of the host, and of others if given."""
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
    root = _build(root_name, root_name, root_key, root_key, x509.BasicConstraints(ca=True, path_length=None))
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    names = [x509.DNSName(each) for each in (host, *others)]
    leaf = _build(name, root_name, key, root_key, x509.SubjectAlternativeName(names))
    authority, certificate = folder / "authority.pem", folder / "certificate.pem"
    authority.write_bytes(root.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    certificate.write_bytes(leaf.public_bytes(serialization.Encoding.PEM) + private)
    return authority, certificate


def _build(subject, issuer, key, signer, extension):
    day, now = datetime.timedelta(days=1), datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder(
        issuer, subject, key.public_key(), x509.random_serial_number(), now - day, now + day
    )
    return builder.add_extension(extension, critical=isinstance(extension, x509.BasicConstraints)).sign(
        signer, hashes.SHA256()
    )
