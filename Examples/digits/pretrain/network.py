"""The digits network: its layers, and its forward and backward pass in float32.

A tensor is [N, C, H, W]. A layer's result is named after the layer; the image is "input".
"""

from dataclasses import dataclass

import numpy as np

CLASSES = 5  # the network is pre-trained on digits 0 to 4 only


@dataclass(frozen=True)
class Conv:
    """A convolution, dense (groups 1) or depthwise (groups = channels); relu6 or linear."""

    name: str
    source: str
    inputs: int
    outputs: int
    kernel: int = 1
    stride: int = 1
    padding: int = 0
    groups: int = 1
    relu6: bool = True

    @property
    def weight_shape(self):
        return (self.outputs, self.inputs // self.groups, self.kernel, self.kernel)


@dataclass(frozen=True)
class Add:
    """Element-wise sum of two earlier results."""

    name: str
    source: str
    other: str


@dataclass(frozen=True)
class Pool:
    """Mean over all pixels of each channel; keeps H = W = 1."""

    name: str
    source: str


def depthwise(name, source, channels, stride):
    return Conv(name, source, channels, channels, 3, stride, 1, channels)


LAYERS = (
    Conv("first_conv", "input", 1, 24, 3, 1, 1),
    depthwise("blocks.0.depthwise", "first_conv", 24, 2),
    Conv("blocks.0.pointwise2", "blocks.0.depthwise", 24, 32, relu6=False),
    Conv("blocks.1.pointwise1", "blocks.0.pointwise2", 32, 64),
    depthwise("blocks.1.depthwise", "blocks.1.pointwise1", 64, 1),
    Conv("blocks.1.pointwise2", "blocks.1.depthwise", 64, 32, relu6=False),
    Add("blocks.1.add", "blocks.0.pointwise2", "blocks.1.pointwise2"),
    Conv("last_conv", "blocks.1.add", 32, 128, 4, 1, 0),
    Pool("avgpool", "last_conv"),
    Conv("classifier", "avgpool", 128, CLASSES, relu6=False),
)


def convolutions():
    return [layer for layer in LAYERS if isinstance(layer, Conv)]


def columns(x, layer):
    """The inputs under every kernel position, [N, C, kernel², pixels], and the output height and width."""
    k, s, p = layer.kernel, layer.stride, layer.padding
    padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (k, k), (2, 3))[:, :, ::s, ::s]
    n, c, h, w = windows.shape[:4]
    return windows.transpose(0, 1, 4, 5, 2, 3).reshape(n, c, k * k, h * w), (h, w)


def scatter(dcolumns, layer, shape):
    """The transpose of `columns`: adds each kernel position's gradient to its input element."""
    k, s, p = layer.kernel, layer.stride, layer.padding
    n, c, height, width = shape
    padded = np.zeros((n, c, height + 2 * p, width + 2 * p), dcolumns.dtype)
    h, w = (height + 2 * p - k) // s + 1, (width + 2 * p - k) // s + 1
    for tap in range(k * k):
        row, column = divmod(tap, k)
        padded[:, :, row:row + s * h:s, column:column + s * w:s] += dcolumns[:, :, tap].reshape(n, c, h, w)
    return padded[:, :, p:p + height, p:p + width]


def convolve(x, weight, layer):
    """x * weight without bias, and the columns that the backward pass needs."""
    cols, (h, w) = columns(x, layer)
    if layer.groups == 1:
        y = weight.reshape(len(weight), -1) @ cols.reshape(len(x), -1, h * w)
    else:
        y = np.einsum("nckp,ck->ncp", cols, weight.reshape(len(weight), -1))
    return y.reshape(len(x), len(weight), h, w), cols


def convolve_backward(dy, weight, cols, layer, shape):
    """Gradients of weight and input, from the gradient of the result."""
    n, o = dy.shape[:2]
    dy = dy.reshape(n, o, -1)
    flat = weight.reshape(o, -1)
    if layer.groups == 1:
        rows = cols.reshape(n, flat.shape[1], -1)
        dweight = np.tensordot(dy, rows, ((0, 2), (0, 2)))
        dcols = (flat.T @ dy).reshape(cols.shape)
    else:
        dweight = np.einsum("ncp,nckp->ck", dy, cols)
        dcols = flat[None, :, :, None] * dy[:, :, None]
    return dweight.reshape(weight.shape), scatter(dcols, layer, shape)


def initial_parameters(random, classes):
    """He-initialised weights and zero biases by layer name, float32; the classifier gets `classes` outputs."""
    parameters = {}
    for layer in convolutions():
        outputs = classes if layer.name == "classifier" else layer.outputs
        fan_in = np.prod(layer.weight_shape[1:])
        weight = random.normal(0, np.sqrt(2 / fan_in), (outputs, *layer.weight_shape[1:]))
        parameters[layer.name] = [weight.astype(np.float32), np.zeros(outputs, np.float32)]
    return parameters


def forward(image, parameters):
    """Every layer's result by name, and the columns of every convolution."""
    results, saved = {"input": image}, {}
    for layer in LAYERS:
        x = results[layer.source]
        if isinstance(layer, Conv):
            weight, bias = parameters[layer.name]
            y, saved[layer.name] = convolve(x, weight, layer)
            y = y + bias[:, None, None]
            results[layer.name] = np.clip(y, 0, 6) if layer.relu6 else y
        elif isinstance(layer, Add):
            results[layer.name] = x + results[layer.other]
        else:
            results[layer.name] = x.mean((2, 3), keepdims=True)
    return results, saved


def backward(dlogits, results, saved, parameters):
    """Gradient of each weight and bias by layer name, from the gradient of the logits [N, CLASSES]."""
    pending = {LAYERS[-1].name: dlogits[:, :, None, None]}
    gradients = {}

    def send(name, gradient):
        pending[name] = pending[name] + gradient if name in pending else gradient

    for layer in reversed(LAYERS):
        dy, x = pending.pop(layer.name), results[layer.source]
        if isinstance(layer, Conv):
            if layer.relu6:
                y = results[layer.name]
                dy = dy * ((y > 0) & (y < 6))
            dweight, dx = convolve_backward(dy, parameters[layer.name][0], saved[layer.name], layer, x.shape)
            gradients[layer.name] = [dweight, dy.sum((0, 2, 3))]
            send(layer.source, dx)
        elif isinstance(layer, Add):
            send(layer.source, dy)
            send(layer.other, dy)
        else:
            send(layer.source, np.broadcast_to(dy / (x.shape[2] * x.shape[3]), x.shape))
    return gradients
