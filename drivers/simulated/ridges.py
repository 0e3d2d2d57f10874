"""A synthetic finger: ridges drawn as a field of waves around a whorl. 8 bits grey, 500 ppi, ridges about 9 pixels apart as on an adult."""

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 300, 400
RIDGE_PX = 9.0


def draw(seed: int) -> NDArray[np.uint8]:
    """The finger of this seed, (400, 300), dark ridges on white."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float64)
    cx, cy = WIDTH / 2 + rng.uniform(-20, 20), HEIGHT / 2 + rng.uniform(-30, 10)
    dx, dy = (x - cx) * rng.uniform(1.1, 1.4), y - cy
    around = np.hypot(dx, dy) + 6 * np.sin(np.arctan2(dy, dx) * 2 + rng.uniform(0, 6))
    for _ in range(14):
        # a turn of phase around a point ends or divides a ridge there: a minutia
        px, py = rng.uniform(40, WIDTH - 40), rng.uniform(40, HEIGHT - 40)
        around += rng.choice((-1, 1)) * np.arctan2(y - py, x - px) * RIDGE_PX / (2 * np.pi)
    ridges = 0.5 + 0.5 * np.cos(around * 2 * np.pi / RIDGE_PX)
    ridges += rng.normal(0, 0.12, ridges.shape)
    inside = ((x - WIDTH / 2) / (WIDTH * 0.46)) ** 2 + ((y - HEIGHT / 2) / (HEIGHT * 0.47)) ** 2
    cover = np.clip((1.0 - inside) * 6, 0, 1)
    return np.asarray(np.clip(255 - 215 * np.clip(ridges, 0, 1) * cover, 0, 255), np.uint8)
