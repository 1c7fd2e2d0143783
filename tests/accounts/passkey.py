"""A passkey made of software: what a telephone does behind a fingerprint, with a key of its own."""

from __future__ import annotations

import hashlib
import json
import secrets

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode

#: Someone was there, and showed who she is; and, at the first time, what the key is.
PRESENT, VERIFIED, NEW = 0x01, 0x04, 0x40


class Passkey:
    """One key, for one account of one site."""

    def __init__(self, *, public: bytes = b"") -> None:
        """`public` is what it gives for a public key, where that is not its own."""
        self.name = secrets.token_bytes(16)
        self.secret = ec.generate_private_key(ec.SECP256R1())
        self.public = public or cbor.encode(dict(ES256.from_cryptography_key(self.secret.public_key())))
        self.owner = ""
        self.used = 0

    def made_for(self, options: dict) -> str:
        """What is sent back to a site that asks for a new key."""
        asked = options["creation_options"]["publicKey"]
        self.owner = asked["user"]["id"]
        of_the_key = bytes(16) + len(self.name).to_bytes(2, "big") + self.name + self.public
        data = self._data(asked["rp"]["id"], PRESENT | VERIFIED | NEW) + of_the_key
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        said = self._said("webauthn.create", asked["challenge"])
        return self._answer(attestationObject=attestation, clientDataJSON=said)

    def shown_to(
        self, options: dict, *, verified: bool = True, secret: ec.EllipticCurvePrivateKey = None
    ) -> str:
        """What is sent back to a site that asks for it; `secret` is that of someone who has not got it."""
        asked = options["request_options"]["publicKey"]
        data = self._data(asked["rpId"], PRESENT | (VERIFIED if verified else 0))
        said = self._said("webauthn.get", asked["challenge"])
        signed = (secret or self.secret).sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            authenticatorData=data, clientDataJSON=said, signature=signed, userHandle=self.owner
        )

    def _data(self, site: str, flags: int) -> bytes:
        self.used += 1
        return hashlib.sha256(site.encode()).digest() + bytes([flags]) + self.used.to_bytes(4, "big")

    @staticmethod
    def _said(what: str, challenge: str) -> bytes:
        return json.dumps({"type": what, "challenge": challenge, "origin": "http://testserver"}).encode()

    def _answer(self, **response: bytes | str) -> str:
        name = websafe_encode(self.name)
        written = {key: one if isinstance(one, str) else websafe_encode(one) for key, one in response.items()}
        return json.dumps(
            {
                "id": name,
                "rawId": name,
                "type": "public-key",
                "response": written,
                "clientExtensionResults": {"credProps": {"rk": True}},
            }
        )
