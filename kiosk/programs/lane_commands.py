"""What a lane does when headquarters commands it: open, close, read its settings again, offer other languages. On the link's thread."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from kiosk.clock import Clock
from kiosk.journal.rows import Pressure
from kiosk.journal.writer import Journal
from kiosk.link.commands import arguments_of, languages_wish
from kiosk.messages.payloads import Command, CommandName
from kiosk.obeying import Common, Deed, NotObeyed, Obeyed
from kiosk.programs.setting_up import differing, not_for_live, profile_of, staff_of
from kiosk.registration.profile import Profile
from kiosk.settings import LaneSettings, PostProfile, SettingsWrong, beside, load, load_post
from kiosk.sign_on import StaffListWrong
from kiosk.views.traveller import lacking
from kiosk.words.catalogue import Words
from kiosk.words.legal import LegalTexts
from kiosk.words.shelf import WordsWrong, load_legal

log = logging.getLogger("mpaka.lane")

CLOSED, LANGUAGES = "closed", "languages"
"""What headquarters ordered and holds over a restart, by these names in the journal."""
# All else takes a restart: devices, links, the window and the journal are put together once
LIVE, LIVE_OF_POST = ("limits", "staff"), ("asked", "ages", "tries", "next_place", "help_desk")


@dataclass(frozen=True)
class Running:
    """What a lane runs on: read and found good."""

    settings: LaneSettings
    post: PostProfile
    profile: Profile


def read_running(path: Path, words: Words) -> tuple[Running, LegalTexts]:
    """The settings, the post's profile and the legal texts, all found good. Raises SettingsWrong, WordsWrong."""
    settings = load(path, LaneSettings)
    post = load_post(path, settings.post)
    profile = profile_of(beside(path, settings.post), settings, post)
    legal = load_legal(beside(path, settings.legal))
    if why := unfit(profile, words, legal, live=settings.live):
        raise SettingsWrong(f"{path}: {why}")
    return Running(settings, post, profile), legal


def unfit(profile: Profile, words: Words, legal: LegalTexts, *, live: bool) -> str:
    """Why a lane may not serve travellers by this profile; empty where it may."""
    if lacks := lacking(profile, words):
        return f"the lane lacks words: {'; '.join(lacks)}"
    if live and (missing := not_for_live(legal, profile)):
        return f"live = true, but legal texts are not the state's own: {'; '.join(missing)}"
    return ""


class LaneCommands:
    """Knows what headquarters ordered. `profile` is what holds for the next traveller, `closed_since` is empty while nothing is ordered."""

    def __init__(self, path: Path, running: Running, words: Words, legal: LegalTexts, clock: Clock, ordered: Mapping[str, str]) -> None:
        """`ordered` is what the journal kept. What cannot be held any more (a version without these words) lapses, and the log says so."""
        self._path, self._running, self._words, self._legal, self._clock = path, running, words, legal, clock
        self._own = running.profile
        self.closed_since = ordered.get(CLOSED, "")
        self._languages = tuple(ordered.get(LANGUAGES, "").split())
        if self._languages and (why := unfit(self.profile, words, legal, live=running.settings.live)):
            log.warning("the languages that headquarters ordered are not offered: %s", why)
            self._languages = ()
        self._door: Callable[[], None] = _nobody
        self._asked_anew: Callable[[], None] = _nobody

    @property
    def profile(self) -> Profile:
        """What is asked of the next traveller."""
        return replace(self._own, languages=self._languages) if self._languages else self._own

    def deeds(self, common: Common, journal: Journal, door: Callable[[], None], asked_anew: Callable[[], None]) -> dict[CommandName, Deed]:
        """By the command's name. `door` is told that the lane is to open or to close, `asked_anew` that the profile is another one."""
        self._door, self._asked_anew = door, asked_anew
        return {
            **common.deeds,
            CommandName.OPEN: lambda command: self._open(journal),
            CommandName.CLOSE: lambda command: self._close(),
            CommandName.RELOAD_SETTINGS: lambda command: self._reload(common),
            CommandName.LANGUAGES: self._offer,
        }

    def _close(self) -> Obeyed:
        if self.closed_since:
            return Obeyed(why=f"closed by headquarters since {self.closed_since}")
        self.closed_since = self._clock.now().text
        self._door()
        return Obeyed(ordered={CLOSED: self.closed_since})

    def _open(self, journal: Journal) -> Obeyed:
        self.closed_since = ""
        self._door()
        full = journal.pressure is Pressure.PAUSED
        return Obeyed(why="closed all the same while its journal is full" if full else "", ordered={CLOSED: ""})

    def _offer(self, command: Command) -> Obeyed:
        wish = languages_wish(arguments_of(command))
        if isinstance(wish, str):
            raise NotObeyed(wish)
        offered = replace(self._own, languages=wish) if wish else self._own
        if why := unfit(offered, self._words, self._legal, live=self._running.settings.live):
            raise NotObeyed(why)
        self._languages = wish
        self._asked_anew()
        return Obeyed(ordered={LANGUAGES: " ".join(wish)})

    def _reload(self, common: Common) -> Obeyed:
        """Wrong settings change nothing; right ones hold from the next traveller on, or from the next start."""
        try:
            found, _ = read_running(self._path, self._words)
            listed = staff_of(self._path, found.settings, common.keys)
        except (SettingsWrong, WordsWrong, StaffListWrong) as why:
            raise NotObeyed(f"the old settings go on: {why}") from None
        before = self._running
        if found.settings.station != before.settings.station:
            raise NotObeyed(f"the old settings go on: {self._path} is of {found.settings.station}")
        if listed.number > common.staff.number:
            common.take_staff(listed)
        fixed = before.profile
        self._own = replace(found.profile, state=fixed.state, direction=fixed.direction, post=fixed.post, token_hours=fixed.token_hours)
        self._asked_anew()
        later = [*differing(before.settings, found.settings, LIVE), *differing(before.post, found.post, LIVE_OF_POST, "post.")]
        return Obeyed(why=f"after a restart: {', '.join(later)}" if later else "")


def _nobody() -> None:
    """The lane is not put together yet."""
