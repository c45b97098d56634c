"""Writes a quantized network as an ONNX QDQ file (opset 13), encoding the protocol buffer directly.

Field numbers are those of onnx.proto3 (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3).
"""

import numpy as np

from network import LAYERS, Add, Conv

FLOAT, INT8, INT32 = 1, 3, 6  # TensorProto.DataType
ATTRIBUTE_INT, ATTRIBUTE_INTS = 2, 7  # AttributeProto.AttributeType
DTYPES = {FLOAT: "<f4", INT8: "<i1", INT32: "<i4"}


def varint(value):
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def number(field, value):
    return varint(field << 3) + varint(value)


def data(field, value):
    """A string, a byte string or a nested message."""
    value = value.encode() if isinstance(value, str) else value
    return varint(field << 3 | 2) + varint(len(value)) + value


def attribute(name, value):
    if isinstance(value, int):
        return data(1, name) + number(3, value) + number(20, ATTRIBUTE_INT)
    return data(1, name) + b"".join(number(8, v) for v in value) + number(20, ATTRIBUTE_INTS)


def node(op, name, inputs, output, **attributes):
    message = b"".join(data(1, value) for value in inputs) + data(2, output) + data(3, name) + data(4, op)
    return message + b"".join(data(5, attribute(key, attributes[key])) for key in sorted(attributes))


def tensor(name, values, kind):
    values = np.atleast_1d(np.asarray(values)).astype(DTYPES[kind])
    return b"".join(number(1, d) for d in values.shape) + number(2, kind) + data(8, name) + data(9, values.tobytes())


def value_info(name, shape):
    dimensions = b"".join(data(1, number(1, size)) for size in shape)
    return data(1, name) + data(2, data(1, number(1, FLOAT) + data(2, dimensions)))


class GraphEncoder:
    """Collects nodes and initializers in order of execution."""

    def __init__(self, network):
        self.network = network
        self.nodes, self.initializers = [], []

    def activation(self, name, real, prefix):
        """Quantizes tensor `real` into `name` and back into `name`_f."""
        scale, zero = self.network.activations[prefix.removesuffix(".out")]
        parameters = [f"{prefix}_scale", f"{prefix}_zero"]
        self.initializers += [tensor(parameters[0], scale, FLOAT), tensor(parameters[1], zero, INT8)]
        self.nodes.append(node("QuantizeLinear", f"{prefix}_q", [real, *parameters], name))
        self.nodes.append(node("DequantizeLinear", f"{prefix}_dq", [name, *parameters], f"{name}_f"))

    def constant(self, name, values, scale, kind):
        """A per-channel weight or bias, dequantized into `name`_f."""
        inputs = [name, f"{name}_scale", f"{name}_zero"]
        zeros = np.zeros(len(scale))
        self.initializers += [tensor(inputs[0], values, kind), tensor(inputs[1], scale, FLOAT)]
        self.initializers.append(tensor(inputs[2], zeros, kind))
        self.nodes.append(node("DequantizeLinear", f"{name}_dq", inputs, f"{name}_f", axis=0))

    def source(self, name):
        return "input_f" if name == "input" else f"{name}.out_f"

    def convolution(self, layer):
        weight, weight_scale, bias, bias_scale = self.network.convolutions[layer.name]
        self.constant(f"{layer.name}.weight", weight, weight_scale, INT8)
        self.constant(f"{layer.name}.bias", bias, bias_scale, INT32)
        inputs = [self.source(layer.source), f"{layer.name}.weight_f", f"{layer.name}.bias_f"]
        self.nodes.append(node(
            "Conv", layer.name, inputs, f"{layer.name}.real", dilations=[1, 1], group=layer.groups,
            kernel_shape=[layer.kernel] * 2, pads=[layer.padding] * 4, strides=[layer.stride] * 2))

    def layer(self, layer):
        if isinstance(layer, Conv):
            self.convolution(layer)
        else:
            op = "Add" if isinstance(layer, Add) else "GlobalAveragePool"
            names = [layer.source, layer.other] if isinstance(layer, Add) else [layer.source]
            self.nodes.append(node(op, layer.name, [self.source(n) for n in names], f"{layer.name}.real"))
        self.activation(f"{layer.name}.out", f"{layer.name}.real", f"{layer.name}.out")


def encode_model(network):
    """The bytes of the file: input `image` [1, 1, 8, 8] = pixel / 16, output `logits` [1, classes], both float32."""
    encoder = GraphEncoder(network)
    encoder.activation("input", "image", "input")
    for layer in LAYERS:
        encoder.layer(layer)
    last = LAYERS[-1]
    encoder.nodes.append(node("Flatten", "flatten", [encoder.source(last.name)], "logits", axis=1))
    graph = b"".join(data(1, message) for message in encoder.nodes) + data(2, "digits")
    graph += b"".join(data(5, message) for message in encoder.initializers)
    graph += data(11, value_info("image", (1, 1, 8, 8))) + data(12, value_info("logits", (1, last.outputs)))
    return number(1, 8) + data(2, "tinysdk-digits-pretrain") + data(7, graph) + data(8, number(2, 13))
