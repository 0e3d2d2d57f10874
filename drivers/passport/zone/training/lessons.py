"""What the nets are shown and how their answers are judged: batches made from a seed and a number, losses, and final marks."""

from functools import cache

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from drivers.passport.zone import detector
from drivers.passport.zone.alphabet import NOTHING
from drivers.passport.zone.levelling import levelled
from drivers.passport.zone.training.glyphs import Face, faces
from drivers.passport.zone.training.strips import IGNORED, SHEAF, sheaf
from drivers.passport.zone.training.views import view

VALIDATION_SEED = 2_000_003


@cache
def _faces(kept_back: bool) -> tuple[Face, ...]:
    return faces(kept_back=kept_back)


def strips(seed: int, first: int, count: int, finishing: bool = False, kept_back: bool = False) -> tuple[Tensor, Tensor]:
    """Strips (count, 1, 32, 832) and classes (count, 208) with the numbers first, first + 1, ..., both in multiples of SHEAF."""
    made = [one for at in range(first // SHEAF, (first + count) // SHEAF) for one in sheaf(seed, at, _faces(kept_back), finishing)]
    pictures = torch.from_numpy(np.stack([levelled(one.picture) for one in made])[:, None])
    return pictures, torch.from_numpy(np.stack([one.classes for one in made]))


def strip_loss(scores: Tensor, classes: Tensor) -> Tensor:
    """Cross entropy over the columns that teach."""
    return functional.cross_entropy(scores[:, :, 0], classes, ignore_index=IGNORED, label_smoothing=0.01)


def characters_right(net: nn.Module, count: int = 480) -> str:
    """Share of the taught character columns of unseen strips in unseen cuts that the net names rightly."""
    right, all_of = 0, 0
    for first in range(0, count, 48):
        pictures, classes = strips(VALIDATION_SEED, first, 48, kept_back=True)
        with torch.no_grad():
            named = net(pictures)[:, :, 0].argmax(1)
        taught = (classes != IGNORED) & (classes != NOTHING)
        right += int((named == classes)[taught].sum())
        all_of += int(taught.sum())
    return f"{100 * right / all_of:.2f} % of characters right on {count} unseen strips in cuts kept back"


def views(seed: int, first: int, count: int, finishing: bool = False, kept_back: bool = False) -> tuple[Tensor, Tensor]:
    """Pictures (count, 1, 384, 512) and maps (count, 4, 96, 128) with the numbers first, first + 1, ...; the end of a run is as the rest."""
    made = [view(seed, number, _faces(kept_back)) for number in range(first, first + count)]
    pictures = torch.from_numpy(np.stack([detector.levelled(one.picture) for one in made])[:, None])
    return pictures, torch.from_numpy(np.stack([one.maps for one in made]))


def view_loss(answer: Tensor, maps: Tensor) -> Tensor:
    """Cross entropy and overlap of the lines; on the lines, how far off the way and the height are."""
    truth, here = maps[:, 0], answer[:, 0]
    weight = 1 + 4 * (truth > 0.05).float()
    plain = (weight * functional.binary_cross_entropy_with_logits(here, truth, reduction="none")).mean()
    chance = torch.sigmoid(here)
    overlap = 1 - (2 * (chance * truth).sum() + 1) / ((chance**2).sum() + (truth**2).sum() + 1)
    on = (truth > 0.3).float()[:, None]
    off = functional.smooth_l1_loss(answer[:, 1:], maps[:, 1:], reduction="none", beta=0.1)
    return 4 * plain + overlap + (off * on).sum() / (on.sum() * 3 + 1)


def lines_found(net: nn.Module, count: int = 240) -> str:
    """Overlap of the lines of unseen pictures with those the net shows, and how far the way is off there."""
    both, either, askew = 0.0, 0.0, []
    for first in range(0, count, 24):
        pictures, maps = views(VALIDATION_SEED, first, 24, kept_back=True)
        with torch.no_grad():
            answer = net(pictures)
        said, true = answer[:, 0] > 0, maps[:, 0] > 0.5
        both += float((said & true).sum())
        either += float((said | true).sum())
        way = torch.atan2(answer[:, 2], answer[:, 1]) - torch.atan2(maps[:, 2], maps[:, 1])
        askew.append(torch.abs(torch.atan2(torch.sin(way), torch.cos(way)))[said & true])
    degrees = float(torch.rad2deg(torch.cat(askew)).median())
    return f"lines overlap by {both / max(either, 1):.3f} on {count} unseen pictures, the way is {degrees:.1f} degrees off at the median"
