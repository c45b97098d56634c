"""Trains the digits network on digits 0 to 4, quantizes it to int8 and writes ../Model/digits.onnx.

Usage: python3 pretrain.py          (Python 3.9 or newer and numpy; about a minute)
"""

import os
from pathlib import Path

# Several threads split the sums differently, and the result would depend on the machine's core count.
for library in ("OPENBLAS", "OMP", "MKL"):
    os.environ[f"{library}_NUM_THREADS"] = "1"

import numpy as np

from network import CLASSES, LAYERS, backward, forward, initial_parameters
from onnx_file import encode_model
from quantize import integer_forward, quantize

EXAMPLE = Path(__file__).resolve().parent.parent
TRAINING_ROWS = 1500  # the rest is held out and never seen here
SEED, EPOCHS, BATCH, PEAK_RATE = 1, 120, 25, 3e-3
WEIGHT_DECAY = 1e-3
FORMS = 8  # of an image: four turns, each also mirrored
PRETEXT_CLASSES = CLASSES * FORMS + 2 * CLASSES**2


def load_digits(path):
    """Images [N, 1, 8, 8], pixel / 16 in float32, and labels."""
    table = np.loadtxt(path, delimiter=",", skiprows=1, dtype=np.int64)
    return (table[:, :64].reshape(-1, 1, 8, 8) / 16).astype(np.float32), table[:, 64]


def only_pretrained(images, labels):
    known = labels < CLASSES
    return images[known], labels[known]


def distorted(images, random):
    """Each image turned, scaled, slanted and moved a little, by bilinear sampling; empty outside."""
    n, size = len(images), images.shape[2]
    turn, slant = random.uniform(-0.2, 0.2, (2, n, 1, 1))
    scale = random.uniform(0.85, 1.15, (2, n, 1, 1))
    move = random.uniform(-1.0, 1.0, (2, n, 1, 1))
    centre = (size - 1) / 2
    row, column = np.mgrid[:size, :size] - centre
    rows = scale[0] * (np.cos(turn) * row + np.sin(turn) * column) + 0.5 * move[0] + centre
    columns = scale[1] * (np.cos(turn) * column - np.sin(turn) * row + slant * row) + move[1] + centre
    return sampled(images, rows, columns)


def sampled(images, rows, columns):
    """The pixels at fractional positions [N, H, W]; 0 beyond the edge."""
    margin = 4
    padded = np.pad(images[:, 0], ((0, 0), (margin, margin), (margin, margin)))
    rows = np.clip(rows + margin, 0, padded.shape[1] - 1.001)
    columns = np.clip(columns + margin, 0, padded.shape[2] - 1.001)
    top, left = rows.astype(np.int64), columns.astype(np.int64)
    down, right = rows - top, columns - left
    which = np.arange(len(images))[:, None, None]
    upper = padded[which, top, left] * (1 - right) + padded[which, top, left + 1] * right
    lower = padded[which, top + 1, left] * (1 - right) + padded[which, top + 1, left + 1] * right
    return (upper * (1 - down) + lower * down)[:, None].astype(np.float32)


def oriented(images, labels, random):
    """Each image in one of its eight mirrored or turned forms; digit × form is the class to tell.

    Five digits alone need few features. Forty classes made of the same images need many, and those serve
    digits never seen. Class numbers 0 to 4 are the upright digits.
    """
    forms = random.integers(0, FORMS, len(images))
    turned = [np.rot90(image, form % 4, (1, 2)) for image, form in zip(images, forms)]
    mirrored = [image[:, :, ::-1] if form >= 4 else image for image, form in zip(turned, forms)]
    return np.stack(mirrored), labels + CLASSES * forms


def combined(images, labels, random):
    """Pictures put together from the halves of two digits, above and below or left and right.

    Each pair of different digits is a class of its own, after the oriented ones.
    """
    other = random.permutation(len(images))
    upright = random.random(len(images)) < 0.5
    first, size = images.copy(), images.shape[2]
    for image, partner, rows in zip(first, images[other], upright):
        if rows:
            image[:, size // 2:] = partner[:, size // 2:]
        else:
            image[:, :, size // 2:] = partner[:, :, size // 2:]
    pair = CLASSES * FORMS + CLASSES * CLASSES * upright + CLASSES * labels + labels[other]
    return first, np.where(labels == labels[other], labels, pair)


def pretext(images, labels, random):
    """One batch of the pre-training task: half oriented, half combined."""
    half = len(images) // 2
    images = distorted(images, random)
    parts = oriented(images[:half], labels[:half], random), combined(images[half:], labels[half:], random)
    return [np.concatenate(part) for part in zip(*parts)]


def softmax_gradient(logits, labels):
    """Gradient of the mean cross-entropy with respect to the logits [N, CLASSES]."""
    shares = np.exp(logits - logits.max(1, keepdims=True))
    shares /= shares.sum(1, keepdims=True)
    shares[np.arange(len(labels)), labels] -= 1
    return shares / len(labels)


class Adam:
    """Adam with decoupled weight decay (Loshchilov and Hutter, 2019)."""

    def __init__(self, parameters):
        self.parameters = parameters
        self.moments = {name: [[np.zeros_like(p), np.zeros_like(p)] for p in pair] for name, pair in parameters.items()}
        self.count = 0

    def step(self, gradients, rate):
        self.count += 1
        for name, pair in gradients.items():
            for index, gradient in enumerate(pair):
                self.update(name, index, gradient, rate)

    def update(self, name, index, gradient, rate):
        mean, square = self.moments[name][index]
        mean += 0.1 * (gradient - mean)
        square += 0.001 * (gradient**2 - square)
        parameter = self.parameters[name][index]
        direction = mean / (1 - 0.9**self.count) / (np.sqrt(square / (1 - 0.999**self.count)) + 1e-8)
        decay = WEIGHT_DECAY * parameter if index == 0 else 0
        parameter -= (rate * (direction + decay)).astype(np.float32)


def train(images, labels):
    random = np.random.default_rng(SEED)
    parameters = initial_parameters(random, PRETEXT_CLASSES)
    optimizer = Adam(parameters)
    steps_per_epoch = len(labels) // BATCH
    for epoch in range(EPOCHS):
        order = random.permutation(len(labels))
        for batch in order[:steps_per_epoch * BATCH].reshape(-1, BATCH):
            progress = optimizer.count / (EPOCHS * steps_per_epoch)
            pictures, answers = pretext(images[batch], labels[batch], random)
            results, saved = forward(pictures, parameters)
            dlogits = softmax_gradient(results["classifier"][:, :, 0, 0], answers)
            optimizer.step(backward(dlogits, results, saved, parameters), PEAK_RATE * (1 - progress))
    parameters["classifier"] = [values[:CLASSES] for values in parameters["classifier"]]
    return parameters


def accuracy(results, labels):
    return (results[LAYERS[-1].name][:, :, 0, 0].argmax(1) == labels).mean()


def main():
    images, labels = load_digits(EXAMPLE / "Data" / "digits.csv")
    training = only_pretrained(images[:TRAINING_ROWS], labels[:TRAINING_ROWS])
    held_out = only_pretrained(images[TRAINING_ROWS:], labels[TRAINING_ROWS:])
    print(f"digits 0 to {CLASSES - 1}: {len(training[1])} training images, {len(held_out[1])} held out")

    parameters = train(*training)
    network = quantize(training[0], parameters)
    for name, (pictures, answers) in (("training", training), ("held out", held_out)):
        real = accuracy(forward(pictures, parameters)[0], answers)
        integer = accuracy(integer_forward(pictures, network), answers)
        print(f"{name}: float {100 * real:.2f} %, int8 {100 * integer:.2f} %")

    path = EXAMPLE / "Model" / "digits.onnx"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(encode_model(network))
    print(f"wrote {path.relative_to(EXAMPLE)}, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
