"""Checks a signature of drand's quicknet with py_ecc, for verify_draw.py.

Importing it fails where py_ecc is not installed. Key and scheme are protocol lodd/1's:
bls-unchained-g1-rfc9380, a signature of 48 bytes over SHA256(BE64(round)).
"""

import hashlib
import struct
from functools import lru_cache

from py_ecc.bls.g2_primitives import pubkey_to_G1, signature_to_G2, subgroup_check
from py_ecc.bls.hash_to_curve import hash_to_G1
from py_ecc.optimized_bls12_381 import G2, is_inf, pairing

KEY = bytes.fromhex(
    "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c"
    "8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb"
    "5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a")
DOMAIN = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"


@lru_cache
def holds(number, signature):
    """Whether these bytes are quicknet's signature for the round; what is no point is not one."""
    try:
        point = pubkey_to_G1(signature)  # named for keys: reads a compressed point of G1
    except ValueError:
        return False
    if is_inf(point) or not subgroup_check(point):
        return False
    message = hashlib.sha256(struct.pack(">Q", number)).digest()
    hashed = hash_to_G1(message, DOMAIN, hashlib.sha256)
    return pairing(G2, point) == pairing(signature_to_G2(KEY), hashed)
