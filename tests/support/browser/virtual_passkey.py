"""Chromium’s virtual authenticator: a phone that unlocks passkeys, or refuses to."""

INTERNAL = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class VirtualPasskeys:
    def __init__(self, visitor):
        self.session = visitor.context.new_cdp_session(visitor.page)
        self.session.send("WebAuthn.enable")
        added = self.session.send("WebAuthn.addVirtualAuthenticator", {"options": INTERNAL})
        self.device = {"authenticatorId": added["authenticatorId"]}

    def unlock(self, works):
        """Say whether the person’s fingerprint, face or PIN will be recognised."""
        self.session.send("WebAuthn.setUserVerified", {**self.device, "isUserVerified": works})

    def lose(self):
        self.session.send("WebAuthn.clearCredentials", self.device)

    @property
    def credentials(self):
        return self.session.send("WebAuthn.getCredentials", self.device)["credentials"]
