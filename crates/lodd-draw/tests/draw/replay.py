"""Replays of a draw as the docs of `Design::replay` define them, with a ChaCha20 of its own.

Run it to get the literals of `value_stability` in draw/design.rs. Standard library only.
"""
import hashlib
import hmac
import struct


def rotate(x, n):
    return (x << n | x >> 32 - n) & 0xFFFFFFFF


def chacha_block(key, counter):
    start = [0x61707865, 0x3320646E, 0x79622D32, 0x6B206574, *struct.unpack("<8I", key)]
    start += [counter & 0xFFFFFFFF, counter >> 32, 0, 0]
    w = start[:]

    def quarter(a, b, c, d):
        for x, y, z, n in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            w[x] = w[x] + w[y] & 0xFFFFFFFF
            w[z] = rotate(w[z] ^ w[x], n)

    for _ in range(10):
        for n in range(4):
            quarter(n, 4 + n, 8 + n, 12 + n)
        for n in range(4):
            quarter(n, 4 + (n + 1) % 4, 8 + (n + 2) % 4, 12 + (n + 3) % 4)
    return [a + b & 0xFFFFFFFF for a, b in zip(w, start)]


def words(key):
    """The key stream as numbers of 64 bits."""
    counter = 0
    while True:
        block = chacha_block(key, counter)
        for low, high in zip(block[::2], block[1::2]):
            yield high << 32 | low
        counter += 1


def replay(seed, number, blocks):
    key = hmac.new(seed, b"lodd/1 replay\0" + struct.pack(">Q", number), hashlib.sha256).digest()
    stream = words(key)

    def below(*bounds):
        """Brackett-Rozinsky and Lemire 2024: several bounded numbers from one word."""
        product = 1
        for bound in bounds:
            product *= bound
        while True:
            word, drawn = next(stream), []
            for bound in bounds:
                drawn.append(word * bound >> 64)
                word = word * bound & 2**64 - 1
            if word >= 2**64 % product:
                return drawn

    arms = []
    for seats in blocks:
        units = sum(seats)
        if len(seats) == 2:
            few, mark = min((n, arm) for arm, n in enumerate(seats))
            marked, last = set(), units - few
            while last < units:
                several = 8 if units < 256 and last + 8 <= units else 1
                for place in below(*range(last + 1, last + 1 + several)):
                    marked.add(last if place in marked else place)
                    last += 1
            arms += [mark if n in marked else 1 - mark for n in range(units)]
        else:
            these = [arm for arm, n in enumerate(seats) for _ in range(n)]
            for last in range(units - 1, 0, -1):
                (place,) = below(last + 1)
                these[last], these[place] = these[place], these[last]
            arms += these
    return arms


if __name__ == "__main__":
    for number, blocks in ((3, [[2, 2, 1], [1, 1, 0]]), (3, [[2, 5], [6, 3]]), (4, [[12, 15]])):
        print(replay(bytes([1] * 32), number, blocks))
