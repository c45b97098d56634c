/// Resizes with a triangle filter: bilinear interpolation where the picture grows; where it shrinks, the
/// triangle widens with the factor, so that every source pixel counts. Pixel centres lie at half
/// coordinates, and weights are normalised at the borders. The weights are whole numbers and the sums
/// exact, with one rounding (half up) at the end, so the result is the same on every machine.
package func resizedBilinear(_ image: PixelImage, width: Int, height: Int) -> PixelImage {
  if image.width == width && image.height == height { return image }
  let columns = triangleTaps(from: image.width, to: width)
  let rows = triangleTaps(from: image.height, to: height)
  return PixelImage(
    width: width, height: height, channels: image.channels,
    pixels: combinedRows(combinedColumns(image, columns), columns, rows, channels: image.channels))
}

/// The weights of the source pixels `start ..< start + weights.count` in one target pixel.
private struct Taps {
  let start: Int
  let weights: [Int]
  let sum: Int
}

/// In units of half a source pixel divided by `target`, source centre j lies at (2j + 1) target and target
/// centre i at (2i + 1) source; the triangle falls from 2 max(source, target) at its centre to 0.
///
/// For pictures within `PixelImage.largestPixelCount` the sums of both passes stay below 2^63.
private func triangleTaps(from source: Int, to target: Int) -> [Taps] {
  let reach = 2 * max(source, target)
  return (0..<target).map { index in
    let centre = (2 * index + 1) * source
    let start = max(0, (centre - reach + target) / (2 * target))
    let end = min(source, (centre + reach - target) / (2 * target) + 1)
    let weights = (start..<end).map { max(0, reach - abs((2 * $0 + 1) * target - centre)) }
    return Taps(start: start, weights: weights, sum: weights.reduce(0, +))
  }
}

private func combinedColumns(_ image: PixelImage, _ columns: [Taps]) -> [Int] {
  let channels = image.channels
  var wide: [Int] = []
  wide.reserveCapacity(image.height * columns.count * channels)
  for y in 0..<image.height {
    for taps in columns {
      let first = (y * image.width + taps.start) * channels
      for channel in 0..<channels {
        var sum = 0
        for (tap, weight) in taps.weights.enumerated() {
          sum += weight * Int(image.pixels[first + tap * channels + channel])
        }
        wide.append(sum)
      }
    }
  }
  return wide
}

private func combinedRows(_ wide: [Int], _ columns: [Taps], _ rows: [Taps], channels: Int) -> [UInt8] {
  let rowSize = columns.count * channels
  var pixels: [UInt8] = []
  pixels.reserveCapacity(rows.count * rowSize)
  for row in rows {
    for column in 0..<rowSize {
      var sum = 0
      for (tap, weight) in row.weights.enumerated() {
        sum += weight * wide[(row.start + tap) * rowSize + column]
      }
      let (quotient, rest) = sum.quotientAndRemainder(dividingBy: row.sum * columns[column / channels].sum)
      pixels.append(UInt8(quotient + (2 * rest >= row.sum * columns[column / channels].sum ? 1 : 0)))
    }
  }
  return pixels
}
