import Foundation
import Graph
import Testing
import Training

@Suite struct ImagePreprocessingTests {
  private func image(_ width: Int, _ height: Int, _ pixel: (Int, Int) -> [UInt8]) -> PixelImage {
    let pixels = (0..<height).flatMap { y in (0..<width).flatMap { x in pixel(x, y) } }
    return PixelImage(width: width, height: height, channels: pixels.count / (width * height), pixels: pixels)
  }

  @Test func pixelsBecomeChannelByChannelMinus128() throws {
    let image = image(2, 1) { x, _ in [UInt8(x), 128, 255] }
    let rgb = ImagePreprocessing(width: 2, height: 1)
    #expect(try rgb.apply(image) == [-128, -127, 0, 0, 127, 127])
    #expect(rgb.inputCount == 6)
  }

  @Test func channelOrders() throws {
    let image = image(1, 1) { _, _ in [10, 20, 40] }
    #expect(try ImagePreprocessing(width: 1, height: 1, channels: .bgr).apply(image) == [-88, -108, -118])
    // (2990 + 11740 + 4560 + 500) / 1000 = 19
    #expect(try ImagePreprocessing(width: 1, height: 1, channels: .gray).apply(image) == [-109])
    let grey = PixelImage(width: 1, height: 1, channels: 1, pixels: [130])
    #expect(try ImagePreprocessing(width: 1, height: 1, channels: .rgb).apply(grey) == [2, 2, 2])
  }

  /// Computed with NumPy: rint((p - mean) / std / scale) + zero, clipped.
  @Test func affineQuantization() throws {
    let quantization = PixelQuantization.affine(
      mean: [123.675, 116.28, 103.53], deviation: [58.395, 57.12, 57.375], inputScale: 0.0186584,
      zeroPoint: -14)
    let image = image(5, 1) { x, _ in [UInt8](repeating: [0, 1, 127, 200, 255][x], count: 3) }
    let values = try ImagePreprocessing(width: 5, height: 1, quantization: quantization).apply(image)
    #expect(
      values == [-128, -127, -11, 56, 107, -123, -122, -4, 65, 116, -111, -110, 8, 76, 127])
  }

  @Test func aFloatInputTakesPixelsAsTheyAre() throws {
    let quantization = PixelQuantization.real(mean: [0, 10, 0], deviation: [255, 1, 2])
    let rgb = ImagePreprocessing(width: 2, height: 1, quantization: quantization)
    let image = PixelImage(width: 2, height: 1, channels: 3, pixels: [255, 0, 3, 51, 20, 4])
    let bytes = try rgb.apply(image).map { UInt8(bitPattern: $0) }
    #expect(bytes == littleEndianBytes([Float(1), 0.2, -10, 10, 1.5, 2]))
    #expect(rgb.inputCount == bytes.count)
    #expect(
      ImagePreprocessing(width: 1, height: 1, quantization: .real(mean: [0], deviation: [0])).problems().count
        == 1)
  }

  @Test func roundingIsHalfToEven() throws {
    let quantization = PixelQuantization.affine(mean: [0], deviation: [1], inputScale: 2, zeroPoint: 1)
    let image = PixelImage(width: 4, height: 1, channels: 1, pixels: [1, 3, 5, 7])
    let values = try ImagePreprocessing(
      width: 4, height: 1, channels: .gray, quantization: quantization
    ).apply(image)
    #expect(values == [1, 3, 3, 5])
  }

  @Test func theCentreIsCropped() throws {
    let image = image(6, 4) { x, y in [UInt8(10 * y + x)] }
    let preprocessing = ImagePreprocessing(width: 2, height: 2, shortSide: 4, channels: .gray)
    #expect(try preprocessing.apply(image).map { Int($0) + 128 } == [12, 13, 22, 23])
  }

  @Test func theShortSideIsResizedAndTheLongOneFollows() throws {
    let image = image(12, 8) { x, _ in [UInt8(x / 2 * 20)] }
    let preprocessing = ImagePreprocessing(width: 4, height: 4, shortSide: 4, channels: .gray)
    let values = try preprocessing.apply(image).map { Int($0) + 128 }
    // 12x8 becomes 6x4, of which columns 1 ... 4 remain; the triangle of width 4 mixes in the neighbours
    // evenly.
    #expect(values == [20, 40, 60, 80, 20, 40, 60, 80, 20, 40, 60, 80, 20, 40, 60, 80])
  }

  @Test(arguments: [(100, 40), (40, 100), (7, 9), (32, 32)])
  func withoutAShortSideTheCropIsJustCovered(width: Int, height: Int) throws {
    let image = image(width, height) { _, _ in [77] }
    let values = try ImagePreprocessing(width: 32, height: 24, channels: .gray).apply(image)
    #expect(values == [Int8](repeating: -51, count: 32 * 24))
  }

  @Test func everyImpossibleValueIsListed() {
    let preprocessing = ImagePreprocessing(
      width: 4, height: 4, shortSide: 2,
      quantization: .affine(mean: [0, 1], deviation: [0], inputScale: .nan, zeroPoint: 300))
    let places = preprocessing.problems().map(\.location)
    #expect(
      places == [
        "preprocessing: mean", "preprocessing: deviation", "preprocessing: inputScale",
        "preprocessing: zeroPoint", "preprocessing: resize",
      ])
    #expect(ImagePreprocessing(width: 4, height: 4).problems().isEmpty)
  }

  @Test func theValueSurvivesJSON() throws {
    let value = Preprocessing(
      image: .init(
        width: 8, height: 9, shortSide: 10, channels: .bgr,
        quantization: .affine(mean: [1], deviation: [2], inputScale: 3, zeroPoint: 4)),
      features: .init(mean: [1, 2, 3], zeroPoint: -1, channels: 3, layout: .channelsLast))
    let data = try JSONEncoder().encode(value)
    #expect(try JSONDecoder().decode(Preprocessing.self, from: data) == value)
  }
}
