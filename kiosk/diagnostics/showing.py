"""What the screens need: a graphics chip, the typeface, reviewed and spoken words, legal texts that are the state's own."""

import os
from collections import Counter
from pathlib import Path

from kiosk.diagnostics.readiness import Finding, State, ready
from kiosk.screens.lettering import FontMissing, font
from kiosk.words.catalogue import Words
from kiosk.words.clips import Spoken

RENDER = Path("/dev/dri")


def drawing(part: str, folder: Path = RENDER) -> Finding:
    """Whether a graphics chip draws; no window is opened."""
    chips = sorted(folder.glob("render*"))
    usable = [chip for chip in chips if os.access(chip, os.R_OK | os.W_OK)]
    if usable:
        return ready(part, f"{usable[0]}")
    if chips:
        return Finding(
            part, State.WARNING, f"{chips[0]} may not be used: the processor draws", "put the station's user into the group `render`"
        )
    return Finding(
        part, State.WARNING, "no render device: the processor draws, slowly", "on a kiosk: install the driver of its graphics chip"
    )


def typeface(part: str) -> Finding:
    """Noto Sans, upright and bold."""
    try:
        for bold in (False, True):
            font(16, bold)
    except FontMissing as why:
        return Finding(part, State.NOT_READY, str(why), "apt-get install fonts-noto-core")
    except OSError as why:
        return Finding(
            part, State.NOT_READY, f"Noto Sans cannot be read ({type(why).__name__})", "apt-get install --reinstall fonts-noto-core"
        )
    return ready(part, "Noto Sans")


def words(part: str, catalogues: Words, to_record: Spoken) -> Finding:
    """How far translation and voices have come, a language each."""
    drafts = catalogues.drafts()
    voiceless = Counter(language for language, _ in to_record)
    wanting = [
        f"{language}: {drafts[language]} drafts, {voiceless[language]} without a voice"
        for language in catalogues.languages
        if drafts[language] or voiceless[language]
    ]
    if wanting:
        return Finding(part, State.WARNING, "; ".join(wanting), "docs/words.md: review and record")
    return ready(part, "all reviewed and spoken")


def legal_texts(part: str, missing: list[str], folder: Path, *, live: bool) -> Finding:
    """`missing`: why a live lane may not open, a line a text."""
    if not missing:
        return ready(part, "the state's own")
    state = State.NOT_READY if live else State.WARNING
    found = f"{len(missing)} are SAMPLES or incomplete, first: {missing[0]}"
    return Finding(part, state, found, f"put the state's own into {folder}; a live lane does not open without them")
