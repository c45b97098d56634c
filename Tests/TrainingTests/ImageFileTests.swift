import Foundation
import Testing
import Training

@Suite struct ImageFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func read(_ name: String, _ bytes: [UInt8]) throws -> PixelImage {
    try ImageFile.read(try folder.write(name, bytes))
  }

  private func message(_ name: String, _ bytes: [UInt8]) -> String {
    let error = #expect(throws: DatasetError.self) { try read(name, bytes) }
    return error?.description ?? ""
  }

  @Test func jpeg() throws {
    let image = try read("a.jpg", EncodedFiles.jpeg)
    #expect(image.width == 16 && image.height == 24 && image.channels == 3)
    for y in 0..<24 {
      for x in 0..<16 {
        let pixel = image.pixels[(y * 16 + x) * 3..<(y * 16 + x) * 3 + 3].map(Int.init)
        #expect(zip(pixel, [16 * x, 10 * y, 128]).allSatisfy { abs($0 - $1) <= 16 }, "\(x), \(y): \(pixel)")
      }
    }
  }

  /// libjpeg would fill the rest with grey; here every cut is an error.
  @Test func everyTruncatedJPEGIsAnError() {
    for count in 0..<EncodedFiles.jpeg.count - 2 {
      let text = message("cut.jpg", Array(EncodedFiles.jpeg.prefix(count)))
      #expect(text.contains("cut.jpg: "), "\(count) bytes")
    }
    #expect(message("cut.jpg", Array(EncodedFiles.jpeg.prefix(300))).contains("damaged JPEG: "))
  }

  /// One damaged byte at a time: a picture or an error, and the process goes on.
  @Test func damagedJPEGNeverEndsTheProcess() throws {
    for index in EncodedFiles.jpeg.indices {
      var bytes = EncodedFiles.jpeg
      bytes[index] ^= 0xFF
      let path = try folder.write("damaged.jpg", bytes)
      do {
        let image = try ImageFile.read(path)
        #expect(image.pixels.count == image.width * image.height * 3)
      } catch let error as DatasetError {
        #expect(error.problems.first?.location == path)
      }
    }
  }

  @Test func pngColour() throws {
    let pixels: [UInt8] = [1, 2, 3, 255, 0, 128, 9, 8, 7, 0, 0, 0, 50, 60, 70, 255, 255, 255]
    let image = try read("a.png", EncodedFiles.png(width: 3, height: 2, channels: 3, pixels))
    #expect(image == PixelImage(width: 3, height: 2, channels: 3, pixels: pixels))
  }

  @Test func pngGreyAndTransparent() throws {
    let grey = try read("a.png", EncodedFiles.png(width: 2, height: 1, channels: 1, [7, 200]))
    #expect(grey.pixels == [7, 7, 7, 200, 200, 200])
    let pixels: [UInt8] = [10, 20, 30, 255, 200, 200, 200, 0]
    let transparent = try read("b.png", EncodedFiles.png(width: 2, height: 1, channels: 4, pixels))
    #expect(transparent.pixels == [10, 20, 30, 0, 0, 0])
  }

  @Test func everyTruncatedPNGIsAnError() {
    let bytes = EncodedFiles.png(width: 2, height: 2, channels: 3, [UInt8](repeating: 90, count: 12))
    // The last chunk carries no pixels, and libpng stops before it.
    for count in 0..<bytes.count - 16 {
      #expect(message("cut.png", Array(bytes.prefix(count))).contains("cut.png: "), "\(count) bytes")
    }
  }

  @Test func pngWithAWrongChecksumIsAnError() {
    var bytes = EncodedFiles.png(width: 2, height: 2, channels: 3, [UInt8](repeating: 90, count: 12))
    bytes[60] ^= 1
    #expect(message("a.png", bytes).contains("damaged PNG: "))
  }

  @Test func ppmAndPGM() throws {
    let colour = try read(
      "a.ppm", EncodedFiles.ppm(width: 2, height: 2) { x, y in [UInt8(x), UInt8(y), 35] })
    #expect(colour.pixels == [0, 0, 35, 1, 0, 35, 0, 1, 35, 1, 1, 35])
    let grey = try read("a.pgm", Array("P5 3 1 255\n".utf8) + [10, 32, 35])
    #expect(grey == PixelImage(width: 3, height: 1, channels: 1, pixels: [10, 32, 35]))
  }

  @Test(arguments: [
    ("P6 2 2 255\nabc", "truncated: 12 bytes of pixels announced, 3 there"),
    ("P6 2", "the header has no height"),
    ("P3 1 1 255\n1 2 3", "only binary PPM (P6) and PGM (P5)"),
    ("P6 1 1 65535\nabcdef", "largest value is 65535"),
    ("P6 99999999 99999999 255\n", "is not read"), ("P6 0 5 255\n", "is not read"), ("", "the file is empty"),
    ("GIF89a", "neither JPEG nor PNG nor PPM"), ("P6", "the header has no width"),
  ])
  func otherFilesAreRefused(text: String, expected: String) {
    let found = message("a.ppm", Array(text.utf8))
    #expect(found.contains("a.ppm: ") && found.contains(expected), "\(found)")
  }
}
