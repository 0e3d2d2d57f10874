"""The recovery key in three shares of which any two are needed (SLIP-39): words that a person writes down, with a checksum of their own.

The package `shamir-mnemonic` does the arithmetic. One share says nothing of the key; two wrong ones are noticed: by the checksum of each, by
the number that shares of one cut have in common, and by a digest within the shared secret.
"""

import re
from collections.abc import Iterable

import shamir_mnemonic
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from kiosk.private import Private
from kiosk.sealing.key_set import KeysWrong

HOLDERS, NEEDED = 3, 2
WORDS_A_LINE = 4
_NUMBERED = re.compile(r"^\s*\d")


def split(key: X25519PrivateKey) -> tuple[Private[str], ...]:
    """The key in three shares of 33 words; any two join to it again."""
    secret = key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    (made,) = shamir_mnemonic.generate_mnemonics(1, [(NEEDED, HOLDERS)], secret)
    return tuple(Private(words) for words in made)


def join(shares: Iterable[Private[str]]) -> X25519PrivateKey:
    """The key of these shares, in memory alone. Raises KeysWrong, which says what to do; no word of a share is in the text."""
    read = [_read(number, share) for number, share in enumerate(shares, 1)]
    if len({share.index for share in read}) < len(read):
        raise KeysWrong("the same share was given twice: each holder has another one; ask a second holder")
    if len({share.common_parameters() for share in read}) > 1:
        raise KeysWrong("these shares are not of one key, or not of one cut of it: compare the key's id at the head of the pages")
    if len(read) < NEEDED:
        raise KeysWrong(f"{len(read)} of the {NEEDED} shares that are needed: one alone says nothing; ask a second holder")
    try:
        secret = shamir_mnemonic.combine_mnemonics([share.mnemonic() for share in read[:NEEDED]])
    except shamir_mnemonic.MnemonicError:
        raise KeysWrong("these shares do not fit together: one of them was altered; take the third holder's in its place") from None
    return X25519PrivateKey.from_private_bytes(secret)


def page(words: Private[str], number: int, key: str, owner: str, made: str) -> str:
    """One holder's page: what it is, and the words, numbered. Printed once."""
    listed = words.value.split()
    rows = [listed[at : at + WORDS_A_LINE] for at in range(0, len(listed), WORDS_A_LINE)]
    lines = ["".join(f"{row * WORDS_A_LINE + at + 1:>3} {word:<12}" for at, word in enumerate(found)) for row, found in enumerate(rows)]
    return (
        f"MPAKA  RECOVERY KEY {key}  of {owner}\nShare {number} of {HOLDERS}, made {made}. Any {NEEDED} shares together open every record.\n"
        "Keep it apart from the others, under seal. Never type it into a machine that has a network.\n\n"
        + "\n".join(line.rstrip() for line in lines)
        + "\n\nOne who finds this: hand it to the ministry's border authority.\n"
    )


def words_of(text: str) -> Private[str]:
    """The words of a page, or words as they were typed."""
    lines = text.splitlines()
    numbered = [line for line in lines if _NUMBERED.match(line)]
    found = re.findall(r"[a-z]+", " ".join(numbered or lines).lower())
    return Private(" ".join(found))


def check(number: int, share: Private[str]) -> None:
    """Whether one share is whole, before the next is asked for. Raises KeysWrong."""
    _read(number, share)


def _read(number: int, share: Private[str]) -> shamir_mnemonic.Share:
    words = share.value.split()
    try:
        found = shamir_mnemonic.Share.from_mnemonic(share.value)
    except (shamir_mnemonic.MnemonicError, ValueError):
        known = shamir_mnemonic.wordlist.WORDLIST
        strange = [str(at) for at, word in enumerate(words, 1) if word not in known]
        where = f"word {', '.join(strange)} is not one of the list" if strange else f"{len(words)} words, and their checksum does not fit"
        raise KeysWrong(f"share {number} is misread: {where}; compare each word with the page") from None
    if (found.member_threshold, found.group_threshold, found.group_count) != (NEEDED, 1, 1):
        raise KeysWrong(f"share {number} is not one of Mpaka's: those are cut so that any {NEEDED} of {HOLDERS} are enough")
    return found
