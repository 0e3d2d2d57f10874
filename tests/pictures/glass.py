"""Shows many screens in one process and checks every law on each: `python -m tests.pictures.glass DISPLAY sample|whole`.

Writes one JSON object: how many screens, what was found, and which driver drew them.
"""

import json
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from kiosk.screens.comfort import Comforts
from kiosk.screens.palette import Contrast
from kiosk.screens.theme import TEXT_SIZES
from kiosk.views.parts import View
from tests.pictures import golden, laws, plays, screens
from tests.pictures.kit import Kit, open_kit


@dataclass(frozen=True)
class Case:
    """A view in one size and mode."""

    view: View
    english: View
    comforts: Comforts

    @property
    def name(self) -> str:
        """For findings and for file names."""
        return f"{self.view.name}.{self.view.language}.{self.comforts.scale}.{self.comforts.contrast}"


def whole() -> Iterator[Case]:
    """Every screen in every language, size and mode."""
    english = dict(screens.named("en"))
    for language in screens.LANGUAGES:
        for name, view in screens.named(language):
            for scale in TEXT_SIZES:
                for mode in Contrast:
                    yield Case(view, english[name], Comforts(scale, mode))


def sample() -> Iterator[Case]:
    """Each pictured screen twice: in the longest language at the largest size, and languages, sizes and modes taking turns."""
    english, modes = dict(screens.named("en")), tuple(Contrast)
    others = [language for language in screens.LANGUAGES if language != screens.LONGEST]
    for turn, (name, view) in enumerate(screens.pictured(screens.LONGEST)):
        yield Case(view, english[name], Comforts(TEXT_SIZES[-1], modes[turn % len(modes)]))
        other = dict(screens.named(others[turn % len(others)]))[name]
        yield Case(other, english[name], Comforts(TEXT_SIZES[turn // 2 % len(TEXT_SIZES)], modes[turn // 4 % len(modes)]))


def findings(kit: Kit, case: Case) -> Iterator[str]:
    """What breaks a law on any leaf of the case."""
    for problem in laws.untranslated(case.view, case.english):
        yield f"{case.name}: untranslated: {problem}"
    leaf, total = 0, 1
    while leaf < total:
        kit.show(case.view, case.comforts, leaf)
        composed = kit.app.showing.composed()
        total = composed.leaf.total
        for problem in laws.broken(composed.page, kit.theme, kit.pixels()):
            yield f"{case.name} leaf {leaf + 1}: {problem}"
        leaf += 1


def played(kit: Kit) -> dict[str, str]:
    """Every play by its name, with what went wrong, empty where nothing did."""
    return {name: _outcome(play, kit) for name, play in vars(plays).items() if name.startswith("play_")}


def _outcome(play: Callable[[Kit], None], kit: Kit) -> str:
    kit.app.show(screens.named("en")[0][1])
    kit.step(2)
    try:
        play(kit)
    except (AssertionError, AttributeError, TypeError, ValueError, KeyError, IndexError, StopIteration):
        return traceback.format_exc()
    return ""


def main(display: str, extent: str) -> int:
    """Check, print the JSON object, and say by the exit status whether anything was found."""
    cases = list(whole() if extent == "whole" else sample())
    kit = open_kit(display, cases[0].view)
    report: dict[str, Any] = {
        "display": display,
        "screens": len(cases),
        "renderer": kit.renderer,
        "found": [problem for case in cases for problem in findings(kit, case)],
        "golden": list(golden.differing(kit, display)),
        "plays": played(kit),
    }
    print(json.dumps(report, ensure_ascii=False))
    return 1 if report["found"] or report["golden"] or any(report["plays"].values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
