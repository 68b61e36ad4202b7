"""A partner written in another language: Python with jwcrypto (Debian: python3-jwcrypto), and no line of Trao's code.

It follows docs/protocol/message.md, receipts.md and directory.md. Reads one JSON object from standard input, {"do": NAME, ...},
and writes one to standard output: the result, or {"refused": "why"}.
"""
import base64
import json
import math
import sys

from jwcrypto import jwe, jwk, jws
from jwcrypto.common import JWException, JWSEHeaderParameter

FLOOR = 2048
CRIT = ["iss", "aud", "jti", "iat", "exp", "dom", "suite"]
# jwcrypto refuses what `crit` lists and it does not know; whoever speaks this protocol knows these.
KNOWN = {name: JWSEHeaderParameter(name, True, True, None) for name in CRIT}


class Refused(Exception):
    pass


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def key(members: dict) -> jwk.JWK:
    return jwk.JWK(**members)


def padded_length(length: int) -> int:
    """message.md, Padding: 2048, and above it Padme."""
    if length <= FLOOR:
        return FLOOR
    exponent = math.floor(math.log2(length))
    size = math.floor(math.log2(exponent)) + 1
    unit = 2 ** (exponent - size)
    return -(-length // unit) * unit


def pad(content: bytes) -> bytes:
    block = len(content).to_bytes(4, "big") + content
    return block + bytes(padded_length(len(block)) - len(block))


def unpad(block: bytes) -> bytes:
    end = 4 + int.from_bytes(block[:4], "big")
    if end > len(block) or padded_length(end) != len(block) or any(block[end:]):
        raise Refused("padding")
    return block[4:end]


def sign(payload: bytes, header: dict, private: dict) -> str:
    token = jws.JWS(payload, header_registry=KNOWN)
    token.allowed_algs = ["ES256"]
    token.add_signature(key(private), protected=json.dumps(header, separators=(",", ":")))
    return token.serialize(compact=True)


def verify(token: str, public: dict) -> tuple:
    """Header and payload of a compact JWS whose signature verifies."""
    signed = jws.JWS(header_registry=KNOWN)
    signed.allowed_algs = ["ES256"]
    signed.deserialize(token, key(public))
    return json.loads(unb64(token.split(".")[0])), signed.payload


def seal(asked: dict) -> dict:
    """message.md from inside to outside: payload, inner JWS, block, outer JWE of the classic suite."""
    original = sign(unb64(asked["payload"]), asked["inner"], asked["signingKey"])
    block = unb64(asked["block"]) if "block" in asked else pad(original.encode("ascii"))
    outer = jwe.JWE(block, protected=json.dumps(asked["outer"], separators=(",", ":")))
    outer.add_recipient(key(asked["recipientKey"]))
    return {"token": outer.serialize(compact=True), "original": original, "block": len(block)}


def open_sealed(asked: dict) -> dict:
    """message.md from outside to inside."""
    outer = jwe.JWE(algs=["ECDH-ES", "A256GCM"])
    outer.deserialize(asked["token"], key(asked["recipientKey"]))
    original = unpad(outer.payload).decode("ascii")
    inner, payload = verify(original, asked["senderKey"])
    if inner["crit"] != CRIT:
        raise Refused("crit")
    return {
        "outer": json.loads(unb64(asked["token"].split(".")[0])),
        "inner": inner,
        "payload": b64(payload),
        "original": original,
        "block": len(outer.payload),
    }


def issue(asked: dict) -> dict:
    """receipts.md: a Security Event Token."""
    claims = json.dumps(asked["claims"], separators=(",", ":")).encode("utf-8")
    header = {"typ": "secevent+jwt", "alg": "ES256", "kid": asked["kid"]}
    return {"token": sign(claims, header, asked["key"])}


def check(asked: dict) -> dict:
    header, claims = verify(asked["token"], asked["key"])
    return {"header": header, "claims": json.loads(claims)}


def countersign(asked: dict) -> dict:
    """directory.md: JWS General JSON serialisation, a signature of each key."""
    document = jws.JWS(unb64(asked["payload"]))
    document.allowed_algs = ["ES256"]
    for signer in asked["signers"]:
        header = {"alg": "ES256", "kid": signer["kid"], "typ": "trao-directory+jws"}
        document.add_signature(key(signer["key"]), protected=json.dumps(header, separators=(",", ":")))
    text = json.loads(document.serialize())
    if "signatures" not in text:  # one signature alone is written in the flattened form
        text = {"payload": text["payload"], "signatures": [{"protected": text["protected"], "signature": text["signature"]}]}
    return {"text": json.dumps(text, separators=(",", ":"))}


def countersigned(asked: dict) -> dict:
    """The payload of a directory, and whose signatures under it verify."""
    document = json.loads(asked["text"])
    signers = []
    for entry in document["signatures"]:
        header = json.loads(unb64(entry["protected"]))
        if header["typ"] != "trao-directory+jws":
            raise Refused("typ")
        public = asked["keys"].get(header["kid"])
        one = jws.JWS()
        one.allowed_algs = ["ES256"]
        one.deserialize(json.dumps({"payload": document["payload"], **entry}))
        try:
            one.verify(key(public))
            signers.append(header["kid"])
        except (JWException, TypeError):
            pass
    return {"payload": document["payload"], "signers": signers}


DEEDS = {
    "seal": seal,
    "open": open_sealed,
    "issue": issue,
    "check": check,
    "countersign": countersign,
    "countersigned": countersigned,
}


def main() -> None:
    asked = json.load(sys.stdin)
    try:
        answer = DEEDS[asked["do"]](asked)
    except (JWException, Refused, ValueError) as error:
        answer = {"refused": type(error).__name__}
    json.dump(answer, sys.stdout)


main()
