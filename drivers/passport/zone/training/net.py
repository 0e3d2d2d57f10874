"""The recogniser's net in PyTorch and its way into ONNX with plain operators (Conv, Relu) that every OpenCV from 4.10 reads."""

from pathlib import Path

import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from drivers.passport.zone.alphabet import NOTHING, STRIDE, STRIP_HEIGHT, STRIP_WIDTH

# kernel rows and columns, channels out, stride rows and columns; the last layers look one and a half characters to both sides.
LAYERS = (
    ((3, 3), 24, (2, 2)),
    ((3, 3), 48, (2, 2)),
    ((3, 3), 64, (1, 1)),
    ((3, 3), 80, (2, 1)),
    ((3, 3), 96, (2, 1)),
    ((2, 3), 128, (1, 1)),
    ((1, 1), 96, (1, 1)),
)


def recogniser() -> nn.Sequential:
    """A net with chance weights: (n, 1, 32, 832) levelled strips -> (n, 38, 1, 208) scores."""
    parts: list[nn.Module] = []
    before = 1
    for kernel, channels, stride in LAYERS:
        pad = (1 if kernel[0] == 3 else 0, kernel[1] // 2)
        parts += [nn.Conv2d(before, channels, kernel, stride, pad, bias=False), nn.BatchNorm2d(channels), nn.ReLU()]
        before = channels
    return nn.Sequential(*parts, nn.Conv2d(before, NOTHING + 1, 1))


def _folded(conv: nn.Conv2d, norm: nn.BatchNorm2d) -> tuple[Tensor, Tensor]:
    """Weights and bias of a convolution with its normalisation inside."""
    assert norm.running_var is not None and norm.running_mean is not None
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    return conv.weight * scale[:, None, None, None], norm.bias - norm.running_mean * scale


def write_onnx(net: nn.Sequential, path: Path) -> None:
    """Write the net with a fixed input shape (1, 1, 32, 832) and opset 11."""
    convs = [part for part in net[:-1] if isinstance(part, nn.Conv2d)]
    norms = [part for part in net if isinstance(part, nn.BatchNorm2d)]
    layers = [(*_folded(conv, norm), conv) for conv, norm in zip(convs, norms, strict=True)]
    assert net[-1].bias is not None
    layers.append((net[-1].weight, net[-1].bias, net[-1]))
    nodes, weights, name = [], [], "strip"
    for at, (weight, bias, conv) in enumerate(layers):
        last = at == len(layers) - 1
        weights += [numpy_helper.from_array(part.detach().numpy(), f"{kind}{at}") for part, kind in ((weight, "w"), (bias, "b"))]
        rows, columns = (int(pad) for pad in conv.padding)
        out = "scores" if last else f"c{at}"
        nodes.append(
            helper.make_node(
                "Conv",
                [name, f"w{at}", f"b{at}"],
                [out],
                kernel_shape=list(conv.kernel_size),
                strides=list(conv.stride),
                pads=[rows, columns] * 2,
            )
        )
        if not last:
            nodes.append(helper.make_node("Relu", [out], [f"r{at}"]))
            name = f"r{at}"
    takes = helper.make_tensor_value_info("strip", TensorProto.FLOAT, [1, 1, STRIP_HEIGHT, STRIP_WIDTH])
    gives = helper.make_tensor_value_info("scores", TensorProto.FLOAT, [1, NOTHING + 1, 1, STRIP_WIDTH // STRIDE])
    graph = helper.make_graph(nodes, "recogniser", [takes], [gives], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)], ir_version=6, producer_name="mpaka")
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())
