"""Writes Model/mlp.onnx: 64-32-10 in float32 with Relu, weights at random, biases 0.

Usage: python3 make_model.py          (Python 3.9 or newer, nothing else; the same bytes every time)

Field numbers are those of onnx.proto3 (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3).
"""

import math
import struct
from pathlib import Path

SIZES = [64, 32, 10]
SEED = 1
FLOAT, ATTRIBUTE_INT = 1, 2  # TensorProto.DataType, AttributeProto.AttributeType


def random_words(state):
    """SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014)."""
    mask = (1 << 64) - 1
    while True:
        state = state + 0x9E3779B97F4A7C15 & mask
        word = (state ^ state >> 30) * 0xBF58476D1CE4E5B9 & mask
        word = (word ^ word >> 27) * 0x94D049BB133111EB & mask
        yield word ^ word >> 31


def he_uniform(words, outputs, inputs):
    """Uniform in +-sqrt(6 / inputs) (He et al., Delving deep into rectifiers, 2015)."""
    limit = math.sqrt(6 / inputs)
    return [(next(words) / 2**63 - 1) * limit for _ in range(outputs * inputs)]


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


def node(op, inputs, output, name, attributes=()):
    message = b"".join(data(1, value) for value in inputs) + data(2, output) + data(3, name) + data(4, op)
    for key, value in attributes:
        message += data(5, data(1, key) + number(3, value) + number(20, ATTRIBUTE_INT))
    return message


def tensor(name, shape, values):
    content = struct.pack(f"<{len(values)}f", *values)
    return b"".join(number(1, size) for size in shape) + number(2, FLOAT) + data(8, name) + data(9, content)


def value_info(name, shape):
    dimensions = b"".join(data(1, number(1, size)) for size in shape)
    return data(1, name) + data(2, data(1, number(1, FLOAT) + data(2, dimensions)))


def model():
    words = random_words(SEED)
    nodes, tensors, source = [], [], "pixels"
    for layer, (inputs, outputs) in enumerate(zip(SIZES, SIZES[1:]), 1):
        name, is_last = f"dense{layer}", layer == len(SIZES) - 1
        tensors.append(tensor(f"{name}.weight", [outputs, inputs], he_uniform(words, outputs, inputs)))
        tensors.append(tensor(f"{name}.bias", [outputs], [0.0] * outputs))
        result = "logits" if is_last else f"{name}.out"
        operands = [source, f"{name}.weight", f"{name}.bias"]
        nodes.append(node("Gemm", operands, result, name, [("transB", 1)]))
        source = result
        if not is_last:
            source = f"relu{layer}.out"
            nodes.append(node("Relu", [result], source, f"relu{layer}"))
    graph = b"".join(data(1, message) for message in nodes) + data(2, "digits-mlp")
    graph += b"".join(data(5, message) for message in tensors)
    graph += data(11, value_info("pixels", (1, SIZES[0]))) + data(12, value_info("logits", (1, SIZES[-1])))
    return number(1, 8) + data(2, "tinysdk-digits-mlp") + data(7, graph) + data(8, number(2, 13))


if __name__ == "__main__":
    (Path(__file__).resolve().parent / "Model" / "mlp.onnx").write_bytes(model())
