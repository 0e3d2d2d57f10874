"""Train the recogniser: `python -m drivers.passport.zone.training.train --steps 3000 --state FILE` (needs torch, onnx and OCR-B).

The run is cut into steps that can be done in any number of sittings: it takes up the state file where it was left. The same
seed and the same total give the same strips in the same order; weights then agree up to the rounding of the machine.
"""

import argparse
import math
import sys
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor, nn

from drivers.passport.zone.alphabet import NOTHING
from drivers.passport.zone.levelling import levelled
from drivers.passport.zone.training.glyphs import Face, faces
from drivers.passport.zone.training.net import recogniser, write_onnx
from drivers.passport.zone.training.strips import IGNORED, strip

BATCH = 24
HIGHEST_RATE = 4e-3
WEIGHTS = Path(__file__).parent.parent / "recogniser.onnx"
VALIDATION_SEED = 2_000_003


def batch(seed: int, first: int, count: int, drawn: tuple[Face, ...]) -> tuple[Tensor, Tensor]:
    """Strips (count, 1, 32, 832) and classes (count, 208) with the numbers first, first + 1, ..."""
    made = [strip(seed, number, drawn) for number in range(first, first + count)]
    pictures = torch.from_numpy(np.stack([levelled(one.picture) for one in made])[:, None])
    return pictures, torch.from_numpy(np.stack([one.classes for one in made]))


def rate(step: int, total: int) -> float:
    """Learning rate: a short warm-up, then half a cosine down to nothing."""
    return HIGHEST_RATE * min(1.0, (step + 1) / 100) * 0.5 * (1 + math.cos(math.pi * step / total))


def right(net: nn.Sequential, drawn: tuple[Face, ...], count: int = 240) -> float:
    """Share of the taught character columns of unseen strips that the net names rightly."""
    net.eval()
    pictures, classes = batch(VALIDATION_SEED, 0, count, drawn)
    with torch.no_grad():
        named = net(pictures)[:, :, 0].argmax(1)
    net.train()
    taught = (classes != IGNORED) & (classes != NOTHING)
    return float((named == classes)[taught].float().mean())


def sitting(options: argparse.Namespace, drawn: tuple[Face, ...]) -> tuple[nn.Sequential, int]:
    """Do up to `options.sitting` steps, save the state, return the net and the steps done in all."""
    torch.manual_seed(options.seed)
    net = recogniser()
    tutor = torch.optim.AdamW(net.parameters(), lr=HIGHEST_RATE, weight_decay=1e-3)
    done = 0
    if options.state.exists():
        kept = torch.load(options.state, weights_only=True)
        net.load_state_dict(kept["net"])
        tutor.load_state_dict(kept["tutor"])
        done = int(kept["done"])
    loss_of = nn.CrossEntropyLoss(ignore_index=IGNORED, label_smoothing=0.01)
    for step in range(done, min(options.steps, done + options.sitting)):
        for group in tutor.param_groups:
            group["lr"] = rate(step, options.steps)
        pictures, classes = batch(options.seed, step * BATCH, BATCH, drawn)
        loss = loss_of(net(pictures)[:, :, 0], classes)
        tutor.zero_grad()
        loss.backward()
        tutor.step()
        done = step + 1
        if done % 100 == 0:
            sys.stdout.write(f"step {done} loss {loss.item():.4f}\n")
            sys.stdout.flush()
    torch.save({"net": net.state_dict(), "tutor": tutor.state_dict(), "done": done}, options.state)
    return net, done


def main() -> int:
    """Train for one sitting and write the weights."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--steps", type=int, default=6000, help="steps of the whole run")
    asked.add_argument("--sitting", type=int, default=1_000_000, help="steps of this sitting")
    asked.add_argument("--seed", type=int, default=20240901)
    asked.add_argument("--state", type=Path, required=True, help="file that carries the run from sitting to sitting")
    asked.add_argument("--weights", type=Path, default=WEIGHTS)
    options = asked.parse_args()
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    drawn = faces()
    net, done = sitting(options, drawn)
    net.eval()
    sys.stdout.write(f"{done} steps, {100 * right(net, drawn):.2f} % of characters right on strips of the validation seed\n")
    net.eval()
    write_onnx(net, options.weights)
    return 0


if __name__ == "__main__":
    sys.exit(main())
