"""`mpaka lane`: one kiosk. What is started, in which order, and stopped in the mirrored order."""

import logging
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from drivers.contract import FrameSeen, Kind, Slip
from kiosk.clock import SystemClock, parse_utc
from kiosk.devices import Device, Told
from kiosk.journal.rows import Answer as JournalAnswer
from kiosk.journal.rows import NotRecorded, Pressure, PressureChanged, Recorded, Waiting
from kiosk.journal.writer import Journal
from kiosk.lane import Lane
from kiosk.lane_desks import HEARD, LaneDesks
from kiosk.ledger import Ledger
from kiosk.link.inbound import Heard
from kiosk.link.link import Link
from kiosk.link.refusals import Refusals
from kiosk.link.words import Commanded, Facts, LinkDown, LinkPlan, LinkUp, Word
from kiosk.maintenance import ROLES, MenuAsked, Technician
from kiosk.messages.payloads import Command, CommandName, DeviceState, LaneState, Payload, SelfRegistration
from kiosk.messages.topics import Leaf
from kiosk.obeying import Common, Owner, obey
from kiosk.programs.lane_commands import LaneCommands, read_running
from kiosk.programs.setting_up import (
    address_of,
    caps_of,
    end_on_signals,
    keys_of,
    list_ages,
    newer_keys,
    received,
    runtime_folder,
    staff_of,
    today_of,
    typefaces,
    versions,
)
from kiosk.programs.version import package_version
from kiosk.registration import events
from kiosk.registration.commands import PrintSlip
from kiosk.registration.names import ClosedFor
from kiosk.registration.states import Attract, Closed, Kiosk, Maintenance, State
from kiosk.sealing.station import StationKeys
from kiosk.settings import LinkSettings, beside
from kiosk.sign_on import SignOn, StaffList
from kiosk.station_log import StationLog
from kiosk.timers import Alarms
from kiosk.versions import TOLD, Versions
from kiosk.views.desk_parts import Line, MenuView, SignOnView
from kiosk.views.slip import slip
from kiosk.views.technician import Surroundings, surroundings
from kiosk.views.traveller import Band, Scene, hint_sentence, view
from kiosk.watchdog import Watchdog
from kiosk.words.shelf import clip_shelf, load_words

log = logging.getLogger("mpaka.lane")

TICK_S, DESKS_S = 1.0, 10.0
STAFF_LANGUAGE = "en"


class LaneStation:
    """A lane put together. `start`, then `run` on the main thread until `stop`, then `close`."""

    def __init__(self, path: Path, *, offscreen: bool = False) -> None:
        """Read and check everything; opens the journal. Raises SettingsWrong, KeysWrong, StaffListWrong, JournalUnusable, WordsWrong."""
        words = load_words()
        running, legal = read_running(path, words)
        settings = self.settings = running.settings
        legal_folder = beside(path, settings.legal)
        self.scene = Scene(words, legal, running.post.name, Band.NONE if settings.live else Band.SAMPLE)
        typefaces()
        data = beside(path, settings.places.data)
        self.runtime = runtime_folder(path, beside(path, settings.places.runtime))
        keys = keys_of(path, settings)
        staff = staff_of(path, settings, keys)
        self.clock = SystemClock()
        self.watchdog = Watchdog(("screen", "journal"))
        self.alarms = Alarms()
        self._pressure, self._started = Pressure.OK, False
        self._rows_waiting, self._reached = 0, False
        self.journal = Journal(
            data, keys, self.clock, self._journal_says, caps_of(settings.journal), lambda: self.watchdog.moved("journal")
        )
        self.commands = LaneCommands(path, running, words, legal, self.clock, self.journal.opened.ordered)
        self.refusals = Refusals(self.journal.audit, self.clock)
        self._newer_keys = newer_keys(beside(path, settings.places.keys))
        self.devices = {
            kind: Device(kind, device.driver, device.settings, self.runtime, self._device_says) for kind, device in settings.devices.items()
        }
        self.ledger = Ledger(self.journal, running.profile, keys.signing, settings.station, self.journal.opened.last_sequence, self._put)
        self.desks = LaneDesks(keys, self.journal, self.clock, self._say, running.profile.token_hours)
        self.ledger.begun = self.desks.begun
        self.app = self._window(legal_folder, offscreen=offscreen)
        self.lane = Lane(
            self.commands.profile, self.devices, self, self.ledger, self.desks, self.alarms.after, self._slip, lambda: today_of(self.clock)
        )
        self.sign_on = SignOn(staff, running.post.code, ROLES, self._note_sign_on)
        self._lists = {"staff": staff.made, "key_set": keys.public.made}
        self.technician = Technician(
            self.lane,
            self.devices,
            self.sign_on,
            self.sign_on.people,
            self.ledger.note,
            self._findings,
            lambda: today_of(self.clock),
            words.speaker(STAFF_LANGUAGE),
            self,
            self._open_or_pause,
        )
        self.log = StationLog(data / "log")
        owner = Owner(running.post.code, ROLES, self._use_keys, self._use_staff)
        common = Common(received(path, settings), keys, staff, self.journal, self.log, owner)
        self.versions = Versions(
            beside(path, settings.places.versions), data, beside(path, settings.places.switch) / TOLD["lane"], package_version()
        )
        self._deeds = {
            **self.commands.deeds(common, self.journal, self._open_or_pause, self._ask_anew),
            CommandName.VERSION: lambda command: self.versions.obey(command, common.keys.public.authority()),
        }
        self.links = self._links(keys)

    # start and stop

    def start(self) -> None:
        """Devices, cases, links, then the lane opens."""
        self.log.attach()
        self.lane.wake = lambda: self.app.call(self._turn)
        self.journal.case_book(self.desks.restore)
        for device in self.devices.values():
            device.start()
        for link in self.links:
            link.start()
        self._tick()
        self._tick_desks()
        # headquarters' acknowledgement of this row brings its signed time to a station whose own clock nobody keeps (law 11)
        self.ledger.note({"deed": "lane_opened", "where": self.settings.station, "version": package_version()})
        self._started = True
        self._open_or_pause()
        self.watchdog.ready()
        log.info("%s is open", self.settings.station)

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
        for device in reversed(list(self.devices.values())):
            device.hang_up()
        for device in reversed(list(self.devices.values())):
            device.close()
        self.alarms.close()
        self.journal.close()
        self.log.detach()

    # the lane's screen

    def show(self, state: State) -> None:
        """The state changed: draw it, and tell headquarters when the lane opened or closed."""
        self.app.show(view(state, self.scene))
        for link in self.links:
            link.changed()

    def live(self, kind: Kind, seen: FrameSeen, pixels: bytes) -> None:
        """A live picture with what it lacks."""
        state = self.lane.state
        language = state.session.language if hasattr(state, "session") else self.commands.profile.languages[0]
        hint = hint_sentence(kind, seen.hint, language, self.scene.words)
        self.app.live(kind, pixels, seen.picture.width, seen.picture.height, seen.picture.encoding, hint)

    def board(self, board: SignOnView | MenuView) -> None:
        """The technician's screen."""
        self.app.board(board)

    def traveller(self) -> None:
        """Back to the traveller's."""
        self.app.board(None)

    # what others say

    def _open_or_pause(self) -> None:
        """Self-registration pauses while the journal is nearly full, whoever opens the lane; officers go on (law 9).

        A lane that headquarters closed stays closed until headquarters opens it, also over a restart."""
        if self._pressure is Pressure.PAUSED:
            self.lane.put(events.LaneClosed(ClosedFor.JOURNAL_FULL))
        elif self.commands.closed_since:
            self.lane.put(events.LaneClosed(ClosedFor.HEADQUARTERS))
        else:
            self.lane.put(events.LaneOpened())

    def _put(self, event: events.Event) -> None:
        self.lane.put(event)

    def _device_says(self, told: Told) -> None:
        self.lane.put(told)

    def _journal_says(self, answer: JournalAnswer) -> None:
        match answer:
            case Recorded() | NotRecorded():
                # the ledger counts even tickets, the desks odd ones
                (self.ledger if answer.ticket % 2 == 0 else self.desks).answered(answer)
            case PressureChanged(pressure=pressure):
                before, self._pressure = self._pressure, pressure
                if self._started and Pressure.PAUSED in (before, pressure):
                    self._open_or_pause()

    def _link_says(self, word: Word) -> None:
        match word:
            case Heard(message=message):
                self.desks.heard(message)
            case LinkUp():
                self._reached = True
                self.desks.tick()
            case LinkDown():
                self._reached = False
            case Commanded(command=command):
                self._commanded(command)

    def _commanded(self, command: Command) -> None:
        obeyed = obey(command, self._deeds)
        log.info("headquarters' %s, number %d: %s %s", command.name, command.number, obeyed.result, obeyed.why)
        self.links[0].answer(command, obeyed.result, obeyed.why, obeyed.ordered)

    def _ask_anew(self) -> None:
        self.lane.put(events.ProfileChanged(self.commands.profile))

    def _use_keys(self, keys: StationKeys) -> None:
        self.journal.use_keys(keys)
        self.desks.use_keys(keys)
        for link in self.links:
            link.use_keys(keys)
        self._lists["key_set"] = keys.public.made

    def _use_staff(self, staff: StaffList) -> None:
        def use() -> None:
            self.sign_on.take(staff)
            self.technician.people_are(self.sign_on.people)

        # who signs on does so on the screen's thread
        self.app.call(use)
        self._lists["staff"] = staff.made

    def _say(self, leaf: Leaf, message: Payload) -> None:
        # the last link is the post's
        self.links[-1].say(leaf, message)

    def _sent(self, event: object) -> None:
        """Something was touched. On the screen's thread."""
        match event:
            case MenuAsked():
                self.technician.asked()
            case events.Touched():
                self.lane.put(events.Touched(time.monotonic()))
            case _ if self.technician.present:
                self.technician.touched(event)
            case _:
                # a screen only gives back events that a view put into it
                self.lane.put(event)  # type: ignore[arg-type]

    def _turn(self) -> None:
        self.lane.turn()

    def _tick(self) -> None:
        """Each second, by the alarm clock: the screen's thread shows that it moves."""
        self.alarms.after(TICK_S, self._tick)
        self.app.call(self._on_screen_tick)

    def _on_screen_tick(self) -> None:
        self.watchdog.moved("screen")
        if self.technician.present:
            self.technician.tick()

    def _tick_desks(self) -> None:
        self.alarms.after(DESKS_S, self._tick_desks)
        self.journal.waiting(self._counted)
        self.desks.tick()
        if self.versions.look(self.ledger.note):
            self.app.call(self._make_way)

    def _make_way(self) -> None:
        """Another version is to run: end when nobody is there; the unit starts it. On the screen's thread."""
        if isinstance(self.lane.state, Attract | Closed) and not self.technician.present:
            log.info("%s ends, so that another version may start", self.settings.station)
            self.stop()

    def _counted(self, waiting: Waiting) -> None:
        self._rows_waiting = waiting.rows

    # what the station says of itself

    def facts(self) -> Facts:
        """For the status; nothing of a person."""
        devices = {kind: (DeviceState.OK if device.ready else DeviceState.FAILED) for kind, device in self.devices.items()}
        paused = self._pressure is Pressure.PAUSED
        registration = SelfRegistration(state="paused", reason="the journal is full") if paused else SelfRegistration(state="open")
        return Facts(
            state=self._state(),
            self_registration=registration,
            devices={str(kind): state for kind, state in devices.items()},
            consumables={"paper": self.lane.paper},
            lists=list_ages(self._lists, self.clock.now()),
            versions=versions(package_version()) | self.versions.facts(),
            queue=self.desks.queue(),
            hours=self.desks.hours(),
            closed_by_headquarters=self.commands.closed_since,
            parts=tuple({"kind": str(kind), "identity": device.identity} for kind, device in self.devices.items()),
        )

    def _state(self) -> LaneState:
        match self.lane.state:
            case Closed(kiosk=kiosk):
                return LaneState.FAULT if kiosk.closed is ClosedFor.FAULT else LaneState.CLOSED
            case Maintenance():
                return LaneState.MAINTENANCE
            case _:
                return LaneState.OPEN

    def _findings(self) -> tuple[Line, ...]:
        refused = self.refusals.seen()
        times = sum(refused.counts.values()) if refused is not None else 0
        since = self.commands.closed_since
        closed = parse_utc(since).astimezone().strftime("%Y-%m-%d %H:%M") if since else ""
        found = Surroundings(self._rows_waiting, self._reached, self.clock.now().source, self._pressure, times, closed)
        return surroundings(found, self.scene.words.speaker(STAFF_LANGUAGE))

    def _note_sign_on(self, deed: str, who: str) -> None:
        self.ledger.note({"deed": deed, "who": who, "where": self.settings.station})

    def _slip(self, order: PrintSlip) -> Slip:
        stamp = self.clock.now()
        return slip(order, self.commands.profile, self.scene, stamp.utc.astimezone().replace(tzinfo=None) if stamp.known else None)

    def _links(self, keys: StationKeys) -> list[Link]:
        """One link where one broker serves both, else headquarters' with the journal and the post's with the consoles."""
        hears = tuple((self.settings.station, leaf) for leaf in HEARD)
        headquarters, post = self.settings.links.headquarters, self.settings.links.post
        if post is None or post == headquarters:
            return [self._link(keys, headquarters, hears, self.journal)]
        return [self._link(keys, headquarters, (), self.journal), self._link(keys, post, hears, None)]

    def _link(self, keys: StationKeys, broker: LinkSettings, hears: tuple[tuple[str, Leaf], ...], journal: Journal | None) -> Link:
        plan = LinkPlan(keys, address_of(broker, keys), hears, newer=self._newer_keys)
        return Link(plan, self.clock, self.facts, self._link_says, journal, refusals=self.refusals)

    def _window(self, legal_folder: Path, *, offscreen: bool) -> Any:
        """The window; Kivy is imported only now, after its surroundings were prepared."""
        window = import_module("kiosk.screens.window")
        prepared = window.WindowSettings(
            str(self.settings.window.display), self.runtime / "kivy", fullscreen=self.settings.window.fullscreen, offscreen=offscreen
        )
        window.prepare(prepared)
        app, voice = import_module("kiosk.screens.app"), import_module("kiosk.screens.voice")
        speaker = voice.Silence() if offscreen else import_module("kiosk.screens.sound").Loudspeaker(clip_shelf(legal_folder))
        from_start = Closed(Kiosk(self.commands.profile, closed=ClosedFor.NOT_READY, lost=frozenset(Kind)))
        return app.TravellerApp(prepared.measures, view(from_start, self.scene), self._sent, speaker, MenuAsked())


def run(path: Path) -> int:
    """Run a lane until its window is closed. Returns the exit status."""
    station = LaneStation(path)
    end_on_signals(station.stop)
    station.start()
    try:
        station.run()
    finally:
        station.close()
    return 0
