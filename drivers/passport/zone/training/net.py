"""The two nets as tables of plain operators, built from the table in PyTorch for training and written from it to ONNX for OpenCV.

Only Conv, Relu, Add and ConvTranspose, with fixed shapes and opset 11: every OpenCV from 4.10 reads that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from drivers.passport.zone.alphabet import NOTHING, STRIP_HEIGHT, STRIP_WIDTH
from drivers.passport.zone.detector import HEIGHT, MAPS, WIDTH


@dataclass(frozen=True)
class Layer:
    """One step: a convolution of what `takes` names (normalised and cut off at zero unless it is the `last`), doubled in size where
    `doubles`; what `adds` names is added to it first."""

    name: str
    takes: str
    channels: int
    kernel: tuple[int, int] = (3, 3)
    stride: tuple[int, int] = (1, 1)
    pad: tuple[int, int] = (1, 1)
    each: bool = False  # every channel on its own
    doubles: bool = False
    adds: str = ""
    last: bool = False


@dataclass(frozen=True)
class Plan:
    """A net: its name, the shape (rows, columns) of the one grey picture it takes, and its layers; the last one is its answer."""

    name: str
    shape: tuple[int, int]
    layers: tuple[Layer, ...]


# A character is judged with three others to both sides of it: how the whole line is printed and blurred tells its strokes apart.
RECOGNISER = Plan(
    "recogniser",
    (STRIP_HEIGHT, STRIP_WIDTH),
    (
        Layer("c1", "", 16, (3, 3), (2, 2)),
        Layer("c2", "c1", 32, (3, 3), (2, 2)),
        Layer("c3", "c2", 64),
        Layer("c4", "c3", 96, (3, 3), (2, 1)),
        Layer("c5", "c4", 128, (3, 3), (2, 1)),
        Layer("c6", "c5", 160, (2, 3), (1, 1), (0, 1)),
        Layer("c6xd", "c6", 160, (1, 15), (1, 1), (0, 7), each=True),
        Layer("c6x", "c6xd", 160, (1, 1), (1, 1), (0, 0), adds="c6"),
        Layer("c7", "c6x", 128, (1, 5), (1, 1), (0, 2)),
        Layer("scores", "c7", NOTHING + 1, (1, 1), (1, 1), (0, 0), last=True),
    ),
)


def _separable(name: str, takes: str, channels: int, before: int, stride: int = 1) -> list[Layer]:
    """A convolution of each channel on its own, then one across the channels; what went in is added where the shape stays."""
    same = stride == 1 and channels == before
    return [
        Layer(f"{name}d", takes, before, (3, 3), (stride, stride), each=True),
        Layer(name, f"{name}d", channels, (1, 1), (1, 1), (0, 0), adds=takes if same else ""),
    ]


def _detector() -> Plan:
    layers = [Layer("s2", "", 8, (3, 3), (2, 2)), Layer("s4", "s2", 24, (3, 3), (2, 2))]
    before, width = "s4", 24
    for scale, channels, count in ((8, 56, 3), (16, 96, 4), (32, 128, 4)):
        layers += _separable(f"s{scale}x0", before, channels, width, 2)
        for at in range(1, count):
            layers += _separable(f"s{scale}x{at}", f"s{scale}x{at - 1}", channels, channels)
        before, width = f"s{scale}x{count - 1}", channels
    for scale, channels, beside in ((16, 96, "s16x3"), (8, 56, "s8x2"), (4, 24, "s4")):
        layers.append(Layer(f"u{scale}", before, channels, (2, 2), (2, 2), (0, 0), doubles=True, adds=beside))
        layers += _separable(f"v{scale}", f"u{scale}", channels, channels)
        before = f"v{scale}"
    layers.append(Layer("maps", before, MAPS, (3, 3), last=True))
    return Plan("detector", (HEIGHT, WIDTH), tuple(layers))


DETECTOR = _detector()


class Net(nn.Module):  # type: ignore[misc,unused-ignore]
    """A plan with chance weights."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.plan = plan
        self.convs, self.norms = nn.ModuleDict(), nn.ModuleDict()
        width = {"": 1}
        for layer in plan.layers:
            before = width[layer.takes]
            width[layer.name] = layer.channels
            kind: Any = nn.ConvTranspose2d if layer.doubles else nn.Conv2d
            groups = before if layer.each else 1
            self.convs[layer.name] = kind(before, layer.channels, layer.kernel, layer.stride, layer.pad, groups=groups, bias=layer.last)
            if not layer.last:
                self.norms[layer.name] = nn.BatchNorm2d(layer.channels)

    def forward(self, pictures: Tensor) -> Tensor:
        """(n, 1, rows, columns) -> the answer of the last layer."""
        made = {"": pictures}
        for layer in self.plan.layers:
            out = self.convs[layer.name](made[layer.takes])
            if not layer.last:
                out = self.norms[layer.name](out)
                out = torch.relu(out + made[layer.adds] if layer.adds else out)
            made[layer.name] = out
        return made[self.plan.layers[-1].name]

    def folded(self, layer: Layer) -> tuple[Tensor, Tensor]:
        """Weights and bias of a layer with its normalisation inside."""
        conv = self.convs[layer.name]
        assert isinstance(conv, nn.Conv2d | nn.ConvTranspose2d)
        if layer.last:
            assert conv.bias is not None
            return conv.weight.detach(), conv.bias.detach()
        norm = self.norms[layer.name]
        assert isinstance(norm, nn.BatchNorm2d) and norm.running_var is not None and norm.running_mean is not None
        scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        outward = scale[None, :, None, None] if layer.doubles else scale[:, None, None, None]
        return (conv.weight * outward).detach(), (norm.bias - norm.running_mean * scale).detach()


def write_onnx(net: Net, path: Path) -> None:
    """Write the net for one picture at a time."""
    nodes: list[onnx.NodeProto] = []
    weights = []
    out_shape = net.eval()(torch.zeros(1, 1, *net.plan.shape)).shape
    for layer in net.plan.layers:
        for kind, part in zip("wb", net.folded(layer), strict=True):
            weights.append(numpy_helper.from_array(part.numpy(), f"{kind}_{layer.name}"))
        nodes += _nodes(layer, layer.takes or "picture", int(net.convs[layer.name].groups))
    takes = helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, 1, *net.plan.shape])
    gives = helper.make_tensor_value_info(net.plan.layers[-1].name, TensorProto.FLOAT, list(out_shape))
    graph = helper.make_graph(nodes, net.plan.name, [takes], [gives], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)], ir_version=6, producer_name="mpaka")
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())


def _nodes(layer: Layer, takes: str, groups: int) -> Sequence[onnx.NodeProto]:
    kind = "ConvTranspose" if layer.doubles else "Conv"
    after = [("Add", layer.adds)] if layer.adds else []
    steps = [*after, *([] if layer.last else [("Relu", "")])]
    names = [f"{layer.name}_{at}" for at in range(len(steps))] + [layer.name]
    nodes = [
        helper.make_node(
            kind,
            [takes, f"w_{layer.name}", f"b_{layer.name}"],
            [names[0]],
            kernel_shape=list(layer.kernel),
            strides=list(layer.stride),
            pads=[*layer.pad, *layer.pad],
            group=groups,
        )
    ]
    for at, (step, other) in enumerate(steps):
        nodes.append(helper.make_node(step, [names[at], other] if other else [names[at]], [names[at + 1]]))
    return nodes
