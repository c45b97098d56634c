"""Post-training quantization to int8, and the integer forward pass of the result."""

from dataclasses import dataclass

import numpy as np

from network import LAYERS, Add, Conv, convolutions, convolve, forward

INPUT_SCALE, INPUT_ZERO = np.float32(1 / 16), 0  # image = pixel / 16, so the int8 value is the pixel, 0 to 16
HEADROOM = 1.5  # widens the calibrated range of a linear result: digits 5 to 9 and later training need room


@dataclass
class QuantizedNetwork:
    """Activations: (scale, zero) by name. Convolutions: (weight int8, weight scale, bias int32, bias scale) by name."""

    activations: dict
    convolutions: dict


def activation_range(low, high):
    """Asymmetric int8 (scale, zero) that covers low to high and holds 0 exactly."""
    low, high = min(low, 0.0), max(high, 0.0)
    scale = np.float32((high - low) / 255)
    return scale, int(np.clip(np.rint(-128 - low / scale), -128, 127))


def activation_ranges(images, parameters):
    results, _ = forward(images, parameters)
    ranges = {"input": (INPUT_SCALE, INPUT_ZERO)}
    for layer in LAYERS:
        if isinstance(layer, Conv) and layer.relu6:
            ranges[layer.name] = activation_range(0.0, 6.0)
        elif isinstance(layer, (Conv, Add)):
            y = results[layer.name]
            ranges[layer.name] = activation_range(HEADROOM * y.min(), HEADROOM * y.max())
        else:
            ranges[layer.name] = ranges[layer.source]  # TFLite: a mean keeps scale and zero point
    return ranges


def quantize_convolution(weight, bias, input_scale):
    """Per-channel symmetric weights within ±127; the bias in steps of input scale × weight scale."""
    weight_scale = (np.abs(weight).max((1, 2, 3)) / 127).astype(np.float32)
    integers = np.rint(weight / weight_scale[:, None, None, None]).astype(np.int8)
    bias_scale = (np.float32(input_scale) * weight_scale).astype(np.float32)
    return integers, weight_scale, np.rint(bias / bias_scale).astype(np.int32), bias_scale


def quantize(images, parameters):
    """`images` calibrate the ranges of the linear results."""
    ranges = activation_ranges(images, parameters)
    return QuantizedNetwork(
        ranges,
        {
            layer.name: quantize_convolution(*parameters[layer.name], ranges[layer.source][0])
            for layer in convolutions()
        },
    )


def to_int8(real, scale, zero):
    """Half to even, saturating; stays float64 so that the next sums are exact."""
    return np.clip(np.rint(real / np.float64(scale)) + zero, -128, 127)


def integer_forward(image, network):
    """Every int8 result by layer name (float64 holding integers); `image` is pixel / 16."""
    results = {"input": to_int8(image.astype(np.float64), INPUT_SCALE, INPUT_ZERO)}

    def centred(name):
        return results[name] - network.activations[name][1]

    def real(name):
        return centred(name) * np.float64(network.activations[name][0])

    for layer in LAYERS:
        if isinstance(layer, Conv):
            weight, _, bias, bias_scale = network.convolutions[layer.name]
            total = convolve(centred(layer.source), weight.astype(np.float64), layer)[0]
            y = (total + bias[:, None, None]) * bias_scale.astype(np.float64)[:, None, None]
        elif isinstance(layer, Add):
            y = real(layer.source) + real(layer.other)
        else:
            y = real(layer.source).mean((2, 3), keepdims=True)
        results[layer.name] = to_int8(y, *network.activations[layer.name])
    return results
