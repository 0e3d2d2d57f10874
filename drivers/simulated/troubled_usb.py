"""A USB device in a scene: what it says goes through the scene's fault script (faults.py), as with the devices on ptys."""

from drivers.simulated.faults import Troublemaker, Unplugged
from drivers.simulated.scene import Scene
from drivers.simulated.usb_plug import Mute, UsbModel


class TroubledUsb:
    """A model behind a fault script. `trouble` outlives the plug."""

    def __init__(self, model: UsbModel, scene: Scene, device: str, trouble: Troublemaker) -> None:
        self.ids, self.faces = model.ids, model.faces
        self._model, self._scene, self._device, self._trouble = model, scene, device, trouble

    def control(self, setup: tuple[int, int, int, int], data: bytes, length: int) -> bytes:
        """As the model, in trouble. Raises Stall, Mute, Unplugged."""
        self._follow()
        said = self._model.control(setup, data, length)
        if self._trouble.faults.silence:
            raise Mute
        return self._through(said) if said else said

    def give(self, endpoint: int, length: int) -> bytes | None:
        """As the model, in trouble. Raises Stall, Unplugged."""
        self._follow()
        said = self._model.give(endpoint, length)
        return said if said is None or self._trouble.faults.garbage else self._through(said) or None

    def take(self, endpoint: int, data: bytes) -> int | None:
        """As the model; nothing while it is silent. Raises Stall, Unplugged."""
        self._follow()
        return None if self._trouble.faults.silence else self._model.take(endpoint, data)

    def _follow(self) -> None:
        self._trouble.follow(self._scene.look(self._device).fault)
        if self._trouble.unplugged:
            raise Unplugged

    def _through(self, said: bytes) -> bytes:
        return b"".join(self._trouble.pieces(said))
