"""Train a net: `python -m drivers.passport.zone.training.train recogniser|detector --state FILE` (needs torch, onnx and OCR-B).

A run is cut into steps that can be done in any number of sittings: it takes up the state file where it was left. The same seed
and the same number of steps give the same pictures in the same order; weights then agree up to the rounding of the machine.
"""

import argparse
import math
import multiprocessing
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import torch
from torch import Tensor

from drivers.passport.zone.training import lessons
from drivers.passport.zone.training.net import DETECTOR, RECOGNISER, Net, Plan, write_onnx

SEED = 20261124
HERE = Path(__file__).parent.parent
SAVED_EVERY = 250  # steps, so that a sitting cut short loses minutes
FINISHING = 0.06  # of the highest rate, where the finishing steps begin
AHEAD = 4  # lessons that are drawn while the net learns


@dataclass(frozen=True)
class Study:
    """What a net learns: its lessons by seed, number, count and whether the run is finishing, the loss, what is measured in the end, how
    many steps it takes, and how many more at a low rate finish it."""

    plan: Plan
    lesson: Callable[[int, int, int, bool], tuple[Tensor, Tensor]]
    loss: Callable[[Tensor, Tensor], Tensor]
    measured: Callable[[Net], str]
    steps: int
    batch: int
    highest_rate: float
    finish: int = 0


STUDIES = {
    "recogniser": Study(RECOGNISER, lessons.strips, lessons.strip_loss, lessons.characters_right, 15_000, 24, 4e-3, 2_500),
    "detector": Study(DETECTOR, lessons.views, lessons.view_loss, lessons.lines_found, 6_000, 16, 3e-3),
}


def rate(step: int, study: Study, total: int) -> float:
    """Learning rate: a short warm-up, then half a cosine down to nothing; and the same again, far lower, for the steps that finish."""
    if step >= total:
        return FINISHING * study.highest_rate * 0.5 * (1 + math.cos(math.pi * (step - total) / study.finish))
    return study.highest_rate * min(1.0, (step + 1) / 100) * 0.5 * (1 + math.cos(math.pi * step / total))


def _alone() -> None:
    cv2.setNumThreads(1)
    torch.set_num_threads(1)


def drawn_ahead(study: Study, seed: int, first: int, last: int, total: int) -> Iterator[tuple[Tensor, Tensor]]:
    """The lessons of these steps in order, those from `total` on to finish with; a second process draws the next ones while the net learns from this one."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _alone) as other:

        def drawn(step: int) -> Future[tuple[Tensor, Tensor]]:
            return other.submit(study.lesson, seed, step * study.batch, study.batch, step >= total)

        waiting = deque(drawn(step) for step in range(first, min(first + AHEAD, last)))
        for step in range(first, last):
            if step + AHEAD < last:
                waiting.append(drawn(step + AHEAD))
            yield waiting.popleft().result()


def sitting(study: Study, options: argparse.Namespace) -> tuple[Net, int]:
    """Do steps until the run or the sitting's minutes are over; return the net and the steps done in all."""
    torch.manual_seed(options.seed)
    net = Net(study.plan).to(memory_format=torch.channels_last)
    tutor = torch.optim.AdamW(net.parameters(), lr=study.highest_rate, weight_decay=1e-3)
    done, total = 0, options.steps or study.steps
    last = total if options.steps else total + study.finish
    if options.state.exists():
        kept = torch.load(options.state, weights_only=True)
        net.load_state_dict(kept["net"])
        tutor.load_state_dict(kept["tutor"])
        done = int(kept["done"])
    until = time.monotonic() + 60 * options.minutes
    lately = 0.0
    for pictures, truth in drawn_ahead(study, options.seed, done, last, total):
        if time.monotonic() > until:
            break
        for group in tutor.param_groups:
            group["lr"] = rate(done, study, total)
        with torch.autocast("cpu", torch.bfloat16):  # the half takes a third of the time
            answer = net(pictures.to(memory_format=torch.channels_last))
        loss = study.loss(answer.float(), truth)
        tutor.zero_grad()
        loss.backward()
        tutor.step()
        done += 1
        lately = loss.item() if not lately else 0.99 * lately + 0.01 * loss.item()
        if done % SAVED_EVERY == 0:
            sys.stdout.write(f"step {done} of {last}, loss lately {lately:.4f}, {(until - time.monotonic()) / 60:.0f} minutes left\n")
            sys.stdout.flush()
            torch.save({"net": net.state_dict(), "tutor": tutor.state_dict(), "done": done}, options.state)
    torch.save({"net": net.state_dict(), "tutor": tutor.state_dict(), "done": done}, options.state)
    return net.eval(), done


def main() -> int:
    """Train for one sitting and write the weights as they are then."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("net", choices=STUDIES)
    asked.add_argument("--state", type=Path, required=True, help="file that carries the run from sitting to sitting")
    asked.add_argument("--steps", type=int, default=0, help="steps of the whole run; as the shipped weights were made if left out")
    asked.add_argument("--minutes", type=float, default=110, help="minutes of this sitting")
    asked.add_argument("--seed", type=int, default=SEED)
    asked.add_argument("--weights", type=Path, help="file for the weights; the shipped one if left out")
    options = asked.parse_args()
    _alone()
    study = STUDIES[options.net]
    net, done = sitting(study, options)
    sys.stdout.write(f"{done} steps: {study.measured(net)}\n")
    write_onnx(net, options.weights or HERE / f"{options.net}.onnx")
    return 0


if __name__ == "__main__":
    sys.exit(main())
