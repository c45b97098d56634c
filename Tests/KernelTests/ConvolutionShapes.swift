import KernelAPI

/// General convolutions: groups, dilation, strides, uneven pads, several images, zero points.
let generalShapes: [ConvolutionShape] = [
  ConvolutionShape(channels: 3, height: 9, width: 70, outputs: 4, kernel: (3, 3), pads: (1, 1, 1, 1)),
  ConvolutionShape(
    batch: 2, channels: 4, height: 7, width: 6, outputs: 6, kernel: (3, 2), stride: (2, 1),
    pads: (0, 1, 2, 0),
    groups: 2, inputZero: -128, weightZero: 3),
  ConvolutionShape(
    channels: 6, height: 8, width: 9, outputs: 3, kernel: (2, 3), stride: (1, 2), pads: (2, 3, 1, 0),
    dilation: (2, 3), groups: 3, inputZero: 127),
  ConvolutionShape(
    channels: 2, height: 5, width: 5, outputs: 3, kernel: (5, 5), stride: (3, 3), pads: (4, 4, 4, 4),
    inputZero: 12, weightZero: -100),
  ConvolutionShape(
    channels: 5, height: 4, width: 7, outputs: 2, kernel: (1, 1), stride: (2, 3), inputZero: -7),
]

/// What the 1x1 kernels run: fewer and more outputs than inputs, pixels that do not fill a block.
let pointwiseShapes: [ConvolutionShape] = [
  ConvolutionShape(channels: 7, height: 5, width: 5, outputs: 3, inputZero: -128),
  ConvolutionShape(batch: 2, channels: 3, height: 4, width: 9, outputs: 10, inputZero: 9, weightZero: -4),
  ConvolutionShape(batch: 3, channels: 6, height: 3, width: 7, outputs: 6, inputZero: 127),
  ConvolutionShape(batch: 2, channels: 9, height: 1, width: 1, outputs: 4, inputZero: -3),
]

/// What the depthwise kernels run.
let depthwiseShapes: [ConvolutionShape] = [
  ConvolutionShape(
    channels: 5, height: 7, width: 8, outputs: 5, kernel: (3, 3), pads: (1, 1, 1, 1), groups: 5,
    inputZero: -128),
  ConvolutionShape(
    batch: 2, channels: 3, height: 9, width: 7, outputs: 3, kernel: (5, 7), stride: (2, 2),
    pads: (2, 3, 2, 3),
    groups: 3, inputZero: 20, weightZero: 2),
  ConvolutionShape(
    channels: 4, height: 6, width: 75, outputs: 8, kernel: (3, 2), stride: (2, 1), pads: (0, 1, 1, 0),
    dilation: (2, 2), groups: 4, inputZero: -1),
  ConvolutionShape(
    batch: 2, channels: 3, height: 5, width: 6, outputs: 3, kernel: (3, 5), pads: (2, 4, 2, 4),
    dilation: (2, 2),
    groups: 3, inputZero: 3),
]

/// Some learning positions of a split, different ones for different counts.
func learningPositions(of count: Int) -> [Int] {
  count == 1 ? [0] : (0..<count).filter { $0 % 3 != 1 }
}

/// Those whose finite differences are quick.
let smallShapes = (generalShapes + pointwiseShapes + depthwiseShapes).filter { $0.arguments.inputCount < 400 }
