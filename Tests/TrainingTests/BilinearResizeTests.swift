import Foundation
import Testing
import Training

/// Expected values were computed in Python with dense matrices of exact fractions.
@Suite struct BilinearResizeTests {
  private let small = PixelImage(
    width: 5, height: 3, channels: 1,
    pixels: (0..<15).map { UInt8(truncatingIfNeeded: $0 % 5 * 37 + $0 / 5 * 59) })

  @Test func shrinking() {
    let resized = resizedBilinear(small, width: 3, height: 2)
    #expect(resized.pixels == [38, 96, 154, 112, 170, 137])
  }

  @Test func growing() {
    let resized = resizedBilinear(small, width: 8, height: 4)
    #expect(
      resized.pixels == [
        0, 16, 39, 62, 86, 109, 132, 148, 37, 53, 76, 99, 122, 146, 169, 185, 81, 97, 120, 144, 167, 190, 159,
        133, 118, 134, 157, 180, 204, 227, 106, 10,
      ])
  }

  @Test func theSameSizeIsTheSamePicture() {
    #expect(resizedBilinear(small, width: 5, height: 3) == small)
  }

  @Test(
    .enabled(if: SharedData.exists("golden/photos"), "needs ../shared/golden/photos"),
    arguments: [
      (48, 96, "71bb2dcceeeabd81e18ae7506f9f8a8cfba2c60088a5fe3ecc9b9221688264d3"),
      (200, 150, "19931f363ab51e6d80a0a81bd52dce74aa5f21d9dceaf98531029e5d30886f5b"),
    ])
  func aPhoto(width: Int, height: Int, hash: String) throws {
    let photo = try ImageFile.read(SharedData.path("golden/photos/chelsea.ppm"))
    let resized = resizedBilinear(photo, width: width, height: height)
    #expect(Digest.sha256(resized.pixels) == hash)
  }
}
