"""How sentences are put together from clips: names of clips, numbers as two figures at a time, codes letter by letter. PURE."""

LARGEST_NUMBER_WORD = 99
"""Number words are recorded from 0 to this one; larger numbers are read two figures at a time, as a caller in a hall does."""
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def clip_name(key: str, form: int | None, number: int) -> str:
    """The clip of the `number`-th stretch of words (from 1) of a text; `form` is the plural form, None where there is but one."""
    name = key if form is None else f"{key}-form{form}"
    return name if number == 1 else f"{name}-part{number}"


def number_clips(number: int) -> tuple[str, ...]:
    """17 is one clip, 205 is 2 - 0 - 5, 1234 is 12 - 34. A negative number cannot be spoken and gives none."""
    if number < 0:
        return ()
    if number <= LARGEST_NUMBER_WORD:
        return (f"number_{number}",)
    rest = number % 100
    last = (f"number_{rest}",) if rest > 9 else ("number_0", f"number_{rest}")
    return (*number_clips(number // 100), *last)


def spelled(text: str) -> tuple[str, ...]:
    """Letters and figures one by one; whatever else is in it is passed over."""
    named = {**{letter: f"letter_{letter}" for letter in LETTERS}, **{str(figure): f"number_{figure}" for figure in range(10)}}
    return tuple(named[character] for character in text.upper() if character in named)
