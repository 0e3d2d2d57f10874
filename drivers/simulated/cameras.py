"""Simulated cameras: the real drivers, looking at pictures that the scene names. An empty glass, an empty lane where it names none."""

import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from drivers.camera.face import FaceCamera
from drivers.driver import DeviceAbsent
from drivers.frame_source import Frame, FrameSource, read_picture
from drivers.passport.document_camera import DocumentCamera
from drivers.simulated.faults import read_script
from drivers.simulated.scene import Scene

GLASS, LANE = (52, 48, 46), (186, 178, 168)
WIDTH, HEIGHT = 1280, 960


class SceneCamera:
    """A camera in front of the scene. Faults: silence and unplug take it away, slow delays each frame, garbage gives torn frames."""

    def __init__(self, scene: Scene, device: str, empty: tuple[int, int, int]) -> None:
        """Raises DeviceAbsent while the plug is out."""
        self._scene, self._device = scene, device
        self._empty: Frame = np.full((HEIGHT, WIDTH, 3), empty, np.uint8)
        self._shown: tuple[str, Frame] = ("", self._empty)
        self._frames = 0
        self._check()

    def read(self) -> Frame:
        """What the camera sees now."""
        faults = self._check()
        self._frames += 1
        if faults.slow_ms:
            time.sleep(faults.slow_ms / 1000)
        name = self._scene.look(self._device).image
        if name != self._shown[0]:
            picture = read_picture(Path(name)) if name else None
            self._shown = (name, self._empty if picture is None else _before(picture, self._empty))
        frame = self._shown[1]
        if faults.garbage and self._frames % faults.garbage == 0:
            # a torn frame: the lower half is of another moment
            return np.vstack([frame[: HEIGHT // 2], np.flipud(frame[HEIGHT // 2 :])])
        return frame

    def close(self) -> None:
        """Nothing to free."""

    def _check(self) -> Any:
        faults = read_script(self._scene.look(self._device).fault)
        if faults.silence or faults.unplug_after is not None:
            raise DeviceAbsent("unplugged" if faults.unplug_after is not None else "no frame comes")
        return faults


def _before(picture: Frame, empty: Frame) -> Frame:
    """The picture in the middle of what the camera sees, as large as it fits with a little room around it."""
    scale = min(WIDTH * 0.96 / picture.shape[1], HEIGHT * 0.96 / picture.shape[0])
    size = (round(picture.shape[1] * scale), round(picture.shape[0] * scale))
    fitted = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    frame = empty.copy()
    x, y = (WIDTH - size[0]) // 2, (HEIGHT - size[1]) // 2
    frame[y : y + size[1], x : x + size[0]] = fitted
    return frame


def _scene_of(settings: dict[str, Any]) -> Scene:
    return Scene(Path(settings["scene"]))


class SimulatedDocumentCamera(DocumentCamera):
    """Settings: `scene`, the folder of the scene."""

    name = "simulated-document-camera"

    def __init__(self, settings: dict[str, Any]) -> None:
        super().__init__(settings, lambda given: _camera(given, "document_camera", GLASS))


class SimulatedFaceCamera(FaceCamera):
    """Settings: `scene`, the folder of the scene."""

    name = "simulated-face-camera"

    def __init__(self, settings: dict[str, Any]) -> None:
        super().__init__(settings, lambda given: _camera(given, "face_camera", LANE))


def _camera(settings: dict[str, Any], device: str, empty: tuple[int, int, int]) -> FrameSource:
    return SceneCamera(_scene_of(settings), device, empty)
