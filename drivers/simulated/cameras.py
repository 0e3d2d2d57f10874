"""Simulated cameras: the real drivers, and an emulator that sends JPEGs over a socket of what the scene names. An empty glass where it names nothing."""

import contextlib
import os
import socket
import threading
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from drivers.camera.face import FaceCamera
from drivers.contract import Kind
from drivers.driver import DeviceAbsent, Outlet
from drivers.frame_source import Frame, read_picture
from drivers.passport.document_camera import DocumentCamera
from drivers.simulated.faults import Troublemaker, Unplugged
from drivers.simulated.scene import Scene

GLASS, LANE = (52, 48, 46), (186, 178, 168)
WIDTH, HEIGHT = 1280, 960
FRAME_S, SPLIT_PAUSE_S, PATIENCE_S = 0.08, 0.001, 0.2
FILLED = 0.96


class CameraDevice:
    """Plugged in while it lives: a thread that sends frames as fast as they are taken, at most twelve a second."""

    def __init__(self, device: str, empty: tuple[int, int, int], scene: Scene, trouble: Troublemaker, runtime: Path) -> None:
        """Plug it in; raises DeviceAbsent while the plug is out."""
        self._device, self._scene, self._trouble = device, scene, trouble
        self._trouble.follow(scene.look(device).fault)
        if self._trouble.unplugged:
            raise DeviceAbsent("unplugged")
        self._empty: Frame = np.full((HEIGHT, WIDTH, 3), empty, np.uint8)
        self._shown: tuple[str, bytes] | None = None
        (runtime / f"{device}.camera").unlink(missing_ok=True)
        # by the folder's descriptor: the path of a socket has 107 bytes at most, a folder's may have more
        self._folder = os.open(runtime, os.O_PATH | os.O_DIRECTORY)
        path = f"/proc/self/fd/{self._folder}/{device}.camera"
        self.source = f"unix:{path}"
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(path)
        self._server.listen(1)
        self._server.settimeout(PATIENCE_S)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._live, name=f"simulated {device}", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Unplug it."""
        self._ending.set()
        self._thread.join()
        os.close(self._folder)

    def _live(self) -> None:
        with self._server, contextlib.suppress(Unplugged, ConnectionError):
            client = self._client()
            if client is not None:
                with client:
                    self._film(client)

    def _client(self) -> socket.socket | None:
        while not self._ending.is_set():
            with contextlib.suppress(TimeoutError):
                return self._server.accept()[0]
        return None

    def _film(self, client: socket.socket) -> None:
        client.settimeout(PATIENCE_S)
        while not self._ending.wait(FRAME_S):
            seen = self._scene.look(self._device)
            self._trouble.follow(seen.fault)
            if self._trouble.unplugged:
                raise Unplugged
            try:
                for piece in self._trouble.pieces(self._frame(seen.image)):
                    self._send(client, piece)
            except Unplugged as pulled:
                self._send(client, pulled.before)
                raise

    def _send(self, client: socket.socket, data: bytes) -> None:
        """All of it, however long nobody looks; a pulled plug ends the wait. Raises Unplugged."""
        rest = memoryview(data)
        while rest and not self._ending.is_set():
            try:
                rest = rest[client.send(rest) :]
            except TimeoutError:
                self._trouble.follow(self._scene.look(self._device).fault)
                if self._trouble.unplugged:
                    raise Unplugged from None
        if self._trouble.faults.split:
            time.sleep(SPLIT_PAUSE_S)

    def _frame(self, image: str) -> bytes:
        """What the camera sees, as JPEG; made anew only when it is another picture."""
        if self._shown is None or self._shown[0] != image:
            picture = read_picture(Path(image)) if image else None
            frame = self._empty if picture is None else laid_on(picture, self._empty)
            self._shown = (image, cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes())
        return self._shown[1]


def laid_on(picture: Frame, ground: Frame) -> Frame:
    """The picture in the middle of the ground, as large as it fits with a little room around it."""
    height, width = ground.shape[:2]
    scale = min(width * FILLED / picture.shape[1], height * FILLED / picture.shape[0])
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    fitted = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    frame = ground.copy()
    x, y = (width - size[0]) // 2, (height - size[1]) // 2
    frame[y : y + size[1], x : x + size[0]] = fitted
    return frame


class _Plug:
    """What both simulated cameras do around the real driver: plug the emulator in before opening, unplug it after closing."""

    def __init__(self, settings: dict[str, Any], device: Kind, empty: tuple[int, int, int]) -> None:
        self._scene, self._runtime = Scene(Path(settings["scene"])), Path(settings["runtime"])
        self._name, self._empty, self._trouble = device, empty, Troublemaker()
        self._device: CameraDevice | None = None

    def plug(self) -> str:
        """The source that a driver opens. Raises DeviceAbsent."""
        self._device = CameraDevice(self._name, self._empty, self._scene, self._trouble, self._runtime)
        return self._device.source

    def unplug(self) -> None:
        if self._device is not None:
            self._device.close()
            self._device = None


class SimulatedDocumentCamera(DocumentCamera):
    """Settings: `scene`, the folder of the scene, and those of the real driver; `runtime` comes from the host."""

    name = "simulated-document-camera"

    def __init__(self, settings: dict[str, Any]) -> None:
        super().__init__({**settings, "source": ""})
        self._plug = _Plug(settings, self.kind, GLASS)

    def open(self, outlet: Outlet) -> str:
        """Plug the emulator in, then open it as any camera. Raises DeviceAbsent."""
        self._settings["source"] = self._plug.plug()
        return super().open(outlet)

    def close(self) -> None:
        """Free the camera, unplug."""
        super().close()
        self._plug.unplug()


class SimulatedFaceCamera(FaceCamera):
    """Settings: `scene`, the folder of the scene, and those of the real driver; `runtime` comes from the host."""

    name = "simulated-face-camera"

    def __init__(self, settings: dict[str, Any]) -> None:
        super().__init__({**settings, "source": ""})
        self._plug = _Plug(settings, self.kind, LANE)

    def open(self, outlet: Outlet) -> str:
        """Plug the emulator in, then open it as any camera. Raises DeviceAbsent."""
        self._settings["source"] = self._plug.plug()
        return super().open(outlet)

    def close(self) -> None:
        """Free the camera, unplug."""
        super().close()
        self._plug.unplug()
