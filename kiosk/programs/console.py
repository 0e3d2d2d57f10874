"""`mpaka console`: one officer's desk. What is started, in which order, and stopped in the mirrored order."""

import logging
from importlib import import_module
from pathlib import Path
from typing import Any

from kiosk import pad as pads
from kiosk.clock import SystemClock
from kiosk.console import HEARD, Console
from kiosk.desk.states import Desk
from kiosk.journal.rows import Answer as JournalAnswer
from kiosk.journal.rows import PressureChanged
from kiosk.journal.writer import Journal
from kiosk.link.inbound import Heard
from kiosk.link.link import Link
from kiosk.link.refusals import Refusals
from kiosk.link.words import Commanded, Facts, LinkPlan, LinkUp, Word
from kiosk.messages.payloads import Command, CommandName, LaneState, Payload
from kiosk.messages.topics import Leaf
from kiosk.obeying import Common, NotObeyed, Obeyed, Owner, obey
from kiosk.programs.setting_up import (
    address_of,
    caps_of,
    differing,
    end_on_signals,
    keys_of,
    list_ages,
    newer_keys,
    received,
    runtime_folder,
    staff_of,
    typefaces,
    versions,
)
from kiosk.programs.version import package_version
from kiosk.roles import Role
from kiosk.sealing.signing import key_id
from kiosk.sealing.station import DESK, StationKeys, raw_public, read_opening_key
from kiosk.settings import ConsoleSettings, LinkSettings, SettingsWrong, beside, load, load_post
from kiosk.sign_on import SignOn, StaffList, StaffListWrong
from kiosk.station_log import StationLog
from kiosk.timers import Alarms
from kiosk.versions import TOLD, Versions
from kiosk.views.officer import desk_view
from kiosk.views.sign_on import sign_on_view
from kiosk.watchdog import Watchdog
from kiosk.words.shelf import load_words

log = logging.getLogger("mpaka.console")

TICK_S = 1.0
LANGUAGE = "en"
ROLES = frozenset({Role.OFFICER, Role.SECOND_LINE, Role.SHIFT_LEAD})


class ConsoleStation:
    """A console put together. `start`, then `run` on the main thread until `stop`, then `close`."""

    def __init__(self, path: Path, *, offscreen: bool = False) -> None:
        """Read and check everything; opens the journal. Raises SettingsWrong, KeysWrong, StaffListWrong, JournalUnusable, WordsWrong."""
        settings = self.settings = load(path, ConsoleSettings)
        post = load_post(path, settings.post)
        words = load_words()
        self._say_words = words.speaker(LANGUAGE)
        self._band = "" if settings.live else words.say("band_sample", LANGUAGE)
        typefaces()
        data = beside(path, settings.places.data)
        self.runtime = runtime_folder(path, beside(path, settings.places.runtime))
        keys = keys_of(path, settings)
        staff = staff_of(path, settings, keys)
        desk_key = read_opening_key(beside(path, settings.places.keys) / DESK)
        self.clock = SystemClock()
        self.watchdog = Watchdog(("screen", "journal"))
        self.alarms = Alarms()
        self.journal = Journal(
            data, keys, self.clock, self._journal_says, caps_of(settings.journal), lambda: self.watchdog.moved("journal")
        )
        self.refusals = Refusals(self.journal.audit, self.clock)
        self._newer_keys = newer_keys(beside(path, settings.places.keys))
        self.sign_on_here = SignOn(staff, post.code, ROLES, self._note_sign_on)
        people = self.sign_on_here.people
        self.app = self._window(people, offscreen=offscreen)
        self.console = Console(
            Desk(settings.station, settings.direction),
            keys,
            {key_id(raw_public(desk_key)): desk_key},
            self.journal,
            self.clock,
            self._say,
            self.alarms.after,
            self,
            self.sign_on_here,
            people,
            settings.forget_minutes * 60.0,
        )
        self._lists = {"staff": staff.made, "key_set": keys.public.made}
        self.log = StationLog(data / "log")
        self._path, owner = path, Owner(post.code, ROLES, self._use_keys, self._use_staff)
        self._common = Common(received(path, settings), keys, staff, self.journal, self.log, owner)
        told = beside(path, settings.places.switch) / TOLD["console"]
        self.versions = Versions(beside(path, settings.places.versions), data, told, package_version())
        self._deeds = {
            **self._common.deeds,
            CommandName.RELOAD_SETTINGS: self._reload,
            CommandName.VERSION: lambda command: self.versions.obey(command, self._common.keys.public.authority()),
        }
        self.links = self._links(keys)

    def start(self) -> None:
        """Links, then the desk asks who is there."""
        self.log.attach()
        self.console.wake = lambda: self.app.call(self.console.turn)
        for link in self.links:
            link.start()
        self.console.start(self.settings.lanes)
        self._tick()
        self.watchdog.ready()

    def run(self) -> None:
        """Show the window until `stop`."""
        self.app.run()

    def stop(self) -> None:
        """Close the window. Any thread."""
        self.app.stop()

    def close(self) -> None:
        """Everything in the mirrored order."""
        self.watchdog.close()
        for link in reversed(self.links):
            link.close()
        self.alarms.close()
        self.journal.close()
        self.log.detach()

    def desk(self, desk: Desk) -> None:
        """The officer's desk."""
        self.app.show(desk_view(desk, self._say_words, self._band))

    def sign_on(self, pad: pads.Pad) -> None:
        """Nobody is signed on."""
        self.app.show(sign_on_view(pad, self._say_words, technician=False))

    def _journal_says(self, answer: JournalAnswer) -> None:
        if isinstance(answer, PressureChanged):
            log.warning("the journal's room: %s", answer.pressure)
        else:
            self.console.answered(answer)

    def _link_says(self, word: Word) -> None:
        match word:
            case Heard(station=station, message=message):
                self.console.heard(station, message)
            case LinkUp():
                self.console.greet(self.settings.lanes)
            case Commanded(command=command):
                obeyed = obey(command, self._deeds)
                log.info("headquarters' %s, number %d: %s %s", command.name, command.number, obeyed.result, obeyed.why)
                self.links[0].answer(command, obeyed.result, obeyed.why, obeyed.ordered)
            case _:
                log.info("link: %s", type(word).__name__)

    def _reload(self, _: Command) -> Obeyed:
        """A console takes its staff list anew; all else of its settings holds from the next start on. Wrong ones change nothing."""
        try:
            found = load(self._path, ConsoleSettings)
            load_post(self._path, found.post)
            listed = staff_of(self._path, found, self._common.keys)
        except (SettingsWrong, StaffListWrong) as why:
            raise NotObeyed(f"the old settings go on: {why}") from None
        if found.station != self.settings.station:
            raise NotObeyed(f"the old settings go on: {self._path} is of {found.station}")
        if listed.number > self._common.staff.number:
            self._common.take_staff(listed)
        later = differing(self.settings, found, ("staff",))
        return Obeyed(why=f"after a restart: {', '.join(later)}" if later else "")

    def _use_keys(self, keys: StationKeys) -> None:
        self.journal.use_keys(keys)
        for link in self.links:
            link.use_keys(keys)
        self._lists["key_set"] = keys.public.made

    def _use_staff(self, staff: StaffList) -> None:
        def use() -> None:
            self.sign_on_here.take(staff)
            self.console.people_are(self.sign_on_here.people)

        # who signs on does so on the screen's thread
        self.app.call(use)
        self._lists["staff"] = staff.made

    def _say(self, lane: str, leaf: Leaf, message: Payload) -> None:
        # the last link is the post's
        self.links[-1].say(leaf, message, lane)

    def _note_sign_on(self, deed: str, who: str) -> None:
        self.journal.audit({"deed": deed, "who": who, "where": self.settings.station})

    def _touched(self, event: object) -> None:
        self.console.touched(event)

    def _tick(self) -> None:
        self.alarms.after(TICK_S, self._tick)
        self.app.call(lambda: self.watchdog.moved("screen"))
        if self.versions.look(self.journal.audit):
            self.app.call(self._make_way)

    def _make_way(self) -> None:
        """Another version is to run: end while nobody is signed on; the unit starts it. On the screen's thread."""
        if self.console.desk.person is None:
            log.info("%s ends, so that another version may start", self.settings.station)
            self.stop()

    def _facts(self) -> Facts:
        ages = list_ages(self._lists, self.clock.now())
        return Facts(state=LaneState.OPEN, lists=ages, versions=versions(package_version()) | self.versions.facts())

    def _links(self, keys: StationKeys) -> list[Link]:
        hears = tuple((lane, leaf) for lane in self.settings.lanes for leaf in HEARD)
        headquarters, post = self.settings.links.headquarters, self.settings.links.post
        if post is None or post == headquarters:
            return [self._link(keys, headquarters, hears, self.journal)]
        return [self._link(keys, headquarters, (), self.journal), self._link(keys, post, hears, None)]

    def _link(self, keys: StationKeys, broker: LinkSettings, hears: tuple[tuple[str, Leaf], ...], journal: Journal | None) -> Link:
        plan = LinkPlan(keys, address_of(broker, keys), hears, newer=self._newer_keys)
        return Link(plan, self.clock, self._facts, self._link_says, journal, refusals=self.refusals)

    def _window(self, people: tuple[str, ...], *, offscreen: bool) -> Any:
        """The window; Kivy is imported only now, after its surroundings were prepared."""
        window = import_module("kiosk.screens.window")
        prepared = window.WindowSettings(
            str(self.settings.window.display),
            self.runtime / "kivy",
            fullscreen=self.settings.window.fullscreen,
            offscreen=offscreen,
            cursor=True,
        )
        window.prepare(prepared)
        first = sign_on_view(pads.Pad(people), self._say_words, technician=False)
        return import_module("kiosk.screens.board_app").BoardApp(prepared.measures, first, self._touched)


def run(path: Path) -> int:
    """Run a console until its window is closed. Returns the exit status."""
    station = ConsoleStation(path)
    end_on_signals(station.stop)
    station.start()
    try:
        station.run()
    finally:
        station.close()
    return 0
