"""A traveller at a lane with real device processes, who lays real things before the simulated devices."""

from datetime import date
from pathlib import Path

import cv2

from drivers.contract import Kind
from drivers.formats.specimens import specimen
from drivers.simulated.faces import draw_face
from drivers.simulated.pages import draw_page
from kiosk.registration import events as e
from kiosk.registration import states as s
from kiosk.registration.travellers import Relation
from tests.kiosk.crossing import Crossing
from tests.kiosk.stations import LaneAtHand, Post


class Walking(Crossing):
    """The same steps as `Crossing`; what devices ask for is laid down, looked into, pressed on. `family` joins one after the other."""

    def __init__(
        self,
        post: Post,
        lane: LaneAtHand,
        passport: str = "adult",
        lines: tuple[str, ...] = (),
        family: tuple[tuple[str, Relation], ...] = (),
    ) -> None:
        super().__init__(post, lane, passport, lines)
        self._documents = [self.lines, *(specimen(key, date.today()).lines for key, _ in family)]
        self._relations = [relation for _, relation in family]
        self._passport = passport
        post.until(lambda: not self.state.kiosk.lost, "the device processes")

    def loses(self, device: str) -> None:
        """Its plug is pulled."""
        self.post.scene.put(device, fault="unplug")
        self.post.until(lambda: Kind(device) in self.state.kiosk.lost, f"the loss of {device}")

    def has_back(self, device: str) -> None:
        """The plug is put back."""
        self.post.scene.put(device, fault="")
        self.post.until(lambda: Kind(device) not in self.state.kiosk.lost, f"{device} to be back")

    def leaves(self) -> None:
        """With everything that is theirs."""
        scene = self.post.scene
        scene.put("passport_reader", lines=[])
        scene.put("fingerprint_scanner", finger=None)
        for camera in ("document_camera", "face_camera"):
            scene.put(camera, image="")
        self.post.until(lambda: getattr(self.state, "slip", None) is not s.SlipIs.COMING, "the slip")
        super().leaves()

    def _act(self, state: s.State) -> None:
        if isinstance(state, s.Party) and len(state.travellers.members) <= len(self._relations):
            self.post.scene.put("passport_reader", lines=[])
            self.lane.touch(e.AddMember(self._relations[len(state.travellers.members) - 1]))
        else:
            super()._act(state)
            self._shows(state)

    def _shows(self, state: s.State) -> None:
        scene = self.post.scene
        match state:
            case s.DocCapture(device=Kind.PASSPORT_READER, travellers=travellers):
                scene.put("passport_reader", lines=list(self._documents[len(travellers.members)]))
            case s.DocCapture():
                draw_page(specimen(self._passport, date.today()), 1).save(self._picture("page.png"))
                scene.put("document_camera", image=str(self._picture("page.png")))
            case s.Face(member=member):
                cv2.imwrite(str(self._picture(f"face-{member}.png")), draw_face(member + 1))
                scene.put("face_camera", image=str(self._picture(f"face-{member}.png")))
            case s.Fingers(member=member):
                scene.put("fingerprint_scanner", finger=member + 1)
            case _:
                pass

    def _picture(self, name: str) -> Path:
        return self.post.scene.folder / name
