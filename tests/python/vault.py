"""Opens what a pilot's store keeps sealed, from docs/keys-and-erasure.md alone; the standard library only.

XChaCha20-Poly1305 (RFC 8439 and draft-irtf-cfrg-xchacha-03) in plain Python: slow, and nothing of the program.
"""

import hashlib
import hmac
import struct
from functools import cache

MASK = 0xFFFFFFFF
SIGMA = struct.unpack("<4I", b"expand 32-byte k")
ROUND = [(0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
         (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)]


def mac(key, data):
    return hmac.new(key, data, hashlib.sha256).digest()


def permuted(state):
    x = list(state)
    for _ in range(10):
        for a, b, c, d in ROUND:
            for one, two, three, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
                x[one] = (x[one] + x[two]) & MASK
                mixed = x[three] ^ x[one]
                x[three] = (mixed << turn | mixed >> (32 - turn)) & MASK
    return x


def stream(key, nonce, counter, length):
    """ChaCha20's key stream (RFC 8439, 2.4)."""
    blocks = b""
    while len(blocks) < length:
        state = [*SIGMA, *struct.unpack("<8I", key), counter, *struct.unpack("<3I", nonce)]
        blocks += struct.pack("<16I", *((a + b) & MASK for a, b in zip(permuted(state), state)))
        counter += 1
    return blocks[:length]


def hchacha20(key, nonce):
    x = permuted([*SIGMA, *struct.unpack("<8I", key), *struct.unpack("<4I", nonce)])
    return struct.pack("<8I", *x[:4], *x[12:])


def poly1305(key, data):
    r = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    total = 0
    for i in range(0, len(data), 16):
        total = (total + int.from_bytes(data[i:i + 16] + b"\1", "little")) * r % (2**130 - 5)
    return ((total + int.from_bytes(key[16:], "little")) % 2**128).to_bytes(16, "little")


def zeros(data):
    return data + bytes(-len(data) % 16)


def aead(key, nonce, text, bound_to, opening):
    """Text and tag of XChaCha20-Poly1305; `text` is what is to be opened, or sealed."""
    key, nonce = hchacha20(key, nonce[:16]), bytes(4) + nonce[16:]
    other = bytes(a ^ b for a, b in zip(text, stream(key, nonce, 1, len(text))))
    sealed = text if opening else other
    lengths = struct.pack("<QQ", len(bound_to), len(sealed))
    return other, poly1305(stream(key, nonce, 0, 32), zeros(bound_to) + zeros(sealed) + lengths)


def text(value):
    data = value.encode()
    return struct.pack(">I", len(data)) + data


def place(table, *parts):
    return text(table) + b"".join(
        b"t" + text(it) if isinstance(it, str) else b"n" + struct.pack(">q", it) for it in parts)


def seal(root, bound_to, plain):
    padded = plain + b"\x80" + bytes(63 - len(plain) % 64)
    nonce = mac(mac(root, b"lodd nonce/1"), struct.pack(">Q", len(bound_to)) + bound_to + padded)[:24]
    sealed, tag = aead(mac(root, b"lodd seal/1"), nonce, padded, bound_to, opening=False)
    return b"\x01" + nonce + sealed + tag


def unseal(root, bound_to, sealed):
    nonce, body, tag = sealed[1:25], sealed[25:-16], sealed[-16:]
    padded, expected = aead(mac(root, b"lodd seal/1"), nonce, body, bound_to, opening=True)
    if sealed[0] != 1 or tag != expected:
        raise ValueError("does not open")
    return padded[:padded.rindex(b"\x80")]


class Vault:
    """The keys of a pilot: its store (an open sqlite3 connection) and the folder of its key files."""

    def __init__(self, store, folder):
        self.store, self.folder = store, folder

    @cache
    def family_key(self, family):
        sql = "SELECT office_id, version, wrapped FROM family_keys WHERE family_id = ? ORDER BY recorded_at DESC"
        office, version, wrapped = self.store.execute(sql, [family]).fetchone()
        root = bytes.fromhex((self.folder / f"{office or 'pilot'}.key").read_text())
        bound_to = b"lodd wrap/1\0" + text(family) + text(office) + struct.pack(">q", version)
        return unseal(root, bound_to, wrapped)

    def open(self, family, at, sealed):
        return unseal(self.family_key(family), text(family) + at, sealed)


if __name__ == "__main__":
    # draft-irtf-cfrg-xchacha-03, appendix A.3.1
    words = (b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
             b"sunscreen would be it.")
    sealed, tag = aead(bytes(range(0x80, 0xA0)), bytes(range(0x40, 0x58)), words,
                       bytes.fromhex("50515253c0c1c2c3c4c5c6c7"), opening=False)
    assert tag.hex() == "c0875924c1c7987947deafd8780acf49", tag.hex()
    assert sealed.hex().startswith("bd6d179d3e83d43b9576579493c0e939"), sealed.hex()
    # The literals of crates/lodd-store/src/vault/tests.rs.
    root = bytes(range(32))
    at = place("facts", "husleie", 16_667, 1_440_061_200_000_000)
    print(seal(root, text("RIN-AAA") + at, b"9500").hex())
    print(seal(root, b"", b"").hex())
    print(mac(root, b"lodd commit/1").hex())
    print(mac(mac(root, b"lodd content/1"), b"abc").hex())
    print(mac(root, b"lodd key id/1").hex()[:32])
    print(seal(root, b"lodd wrap/1\0" + text("RIN-AAA") + text("ringerike") + struct.pack(">q", 1), bytes(range(32, 64))).hex())
