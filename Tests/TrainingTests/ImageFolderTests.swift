import Foundation
import Testing
import Training

@Suite struct ImageFolderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let preprocessing = Preprocessing(image: .init(width: 2, height: 2))

  private func load(_ options: DatasetOptions = .init(preprocessing: preprocessing, heldOut: .everyKth(2)))
    throws
    -> Dataset
  {
    try Dataset.load(folder.path, options: options)
  }

  private func message(
    _ options: DatasetOptions = .init(preprocessing: preprocessing, heldOut: .everyKth(2))
  ) -> String {
    let error = #expect(throws: DatasetError.self) { try load(options) }
    return error?.description ?? ""
  }

  /// A picture whose every channel is `value`.
  private func picture(_ value: UInt8) -> [UInt8] {
    EncodedFiles.ppm(width: 2, height: 2) { _, _ in [value, value, value] }
  }

  private func values(_ set: SampleSet) throws -> [[Int]] {
    try (0..<set.count).map { index in
      let sample = try set.sample(at: index)
      return [sample.label, Int(sample.input[0]) + 128, sample.input.count]
    }
  }

  @Test func trainAndValFoldersOfClasses() throws {
    try folder.write("train/b/1.ppm", picture(1))
    try folder.write("train/a/2.PPM", picture(2))
    try folder.write("train/a/1.png", EncodedFiles.png(width: 2, height: 2, channels: 1, [3, 3, 3, 3]))
    try folder.write("train/a/notes.txt", "not a picture")
    try folder.write("val/b/9.ppm", picture(4))
    let data = try load()
    #expect(data.classNames == ["a", "b"])
    #expect(try values(data.train) == [[0, 3, 12], [0, 2, 12], [1, 1, 12]])
    #expect(try values(data.heldOut) == [[1, 4, 12]])
    #expect(data.heldOut.location(of: 0) == folder.path + "/val/b/9.ppm")
  }

  @Test func foldersOfClassesAreSplit() throws {
    for name in ["x/1", "x/2", "y/1", "y/2"] { try folder.write(name + ".ppm", picture(5)) }
    let data = try load()
    #expect(data.classNames == ["x", "y"])
    #expect(data.train.count == 2 && data.heldOut.count == 2)
    #expect(data.train.location(of: 1).hasSuffix("/y/1.ppm"))
  }

  @Test func foldersWithNumbersKeepThem() throws {
    for name in ["10/1", "2/1", "0/1"] { try folder.write(name + ".ppm", picture(5)) }
    let data = try load()
    #expect(data.classNames == (0...10).map(String.init))
    #expect(Set((0..<data.train.count).map(data.train.label)).isSubset(of: [0, 2, 10]))
  }

  @Test func aLabelsFileFixesOrderAndLabels() throws {
    for name in ["train/a/1", "train/b/1", "val/a/1"] { try folder.write(name + ".ppm", picture(6)) }
    try folder.write(
      "labels.csv", "path,label,class\nval/a/1.ppm,1,apple\ntrain/b/1.ppm,0,bear\ntrain/a/1.ppm,1,apple\n")
    let data = try load()
    #expect(data.classNames == ["bear", "apple"])
    #expect((0..<2).map(data.train.label) == [0, 1])
    #expect(data.heldOut.label(at: 0) == 1)
  }

  @Test func theModelsClassNamesRenumberALabelsFile() throws {
    for name in ["train/a/1", "train/b/1", "val/a/1"] { try folder.write(name + ".ppm", picture(6)) }
    try folder.write(
      "labels.csv", "path,label,class\ntrain/a/1.ppm,0,apple\ntrain/b/1.ppm,1,bear\nval/a/1.ppm,0,apple\n")
    let data = try load(
      .init(preprocessing: Self.preprocessing, heldOut: .everyKth(2), classNames: ["bear", "cow", "apple"]))
    #expect((0..<2).map(data.train.label) == [2, 0])
  }

  @Test func everyMissingFileIsNamed() throws {
    try folder.write("a/1.ppm", picture(1))
    try folder.write("labels.csv", "path,label\na/1.ppm,0\na/2.ppm,0\na/3.ppm,1\n")
    let text = message()
    #expect(text.contains("labels.csv:3: there is no file \(folder.path)/a/2.ppm"))
    #expect(text.contains("labels.csv:4: there is no file \(folder.path)/a/3.ppm"))
  }

  @Test(arguments: [
    ("path,label,class\na/1.ppm,0,x\na/2.ppm,0,y\n", "labels.csv:3: label 0 is 'y' here and 'x' above"),
    ("path,label,class\na/1.ppm,0\n", "labels.csv:2: 2 fields, the header has 3"),
    ("file,label\na/1.ppm,0\n", "labels.csv:1: the header needs the columns path and label"),
    ("path,label\na/1.ppm,-2\n", "labels.csv:2: label -2 is out of range"),
  ])
  func badLabelsFiles(text: String, expected: String) throws {
    try folder.write("a/1.ppm", picture(1))
    try folder.write("a/2.ppm", picture(1))
    try folder.write("labels.csv", text)
    #expect(message().contains(expected))
  }

  @Test func allBrokenFilesAreListedInOnePass() throws {
    try folder.write("train/a/1.ppm", picture(1))
    try folder.write("train/a/2.jpg", EncodedFiles.jpeg.prefix(250))
    try folder.write("train/a/3.png", "not a png")
    try folder.write("val/a/1.ppm", picture(1))
    let data = try load()
    let error = #expect(throws: DatasetError.self) { try data.train.preload() }
    #expect(error?.problems.map(\.location) == ["2.jpg", "3.png"].map { folder.path + "/train/a/" + $0 })
    try data.heldOut.preload()
  }

  @Test func preloadedPicturesStayWithoutTheirFiles() throws {
    try folder.write("train/a/1.ppm", picture(1))
    try folder.write("val/a/1.ppm", picture(2))
    let data = try load()
    try data.train.preload()
    try FileManager.default.removeItem(atPath: folder.path + "/train/a/1.ppm")
    try FileManager.default.removeItem(atPath: folder.path + "/val/a/1.ppm")
    #expect(try data.train.sample(at: 0).input == [Int8](repeating: -127, count: 12))
    #expect(throws: DatasetError.self) { try data.heldOut.sample(at: 0) }
  }

  @Test func theCacheKeepsToItsLimit() throws {
    try folder.write("train/a/1.ppm", picture(1))
    try folder.write("val/a/1.ppm", picture(2))
    let data = try load(.init(preprocessing: Self.preprocessing, cacheByteLimit: 11))
    try data.train.preload()
    try FileManager.default.removeItem(atPath: folder.path + "/train/a/1.ppm")
    #expect(throws: DatasetError.self) { try data.train.sample(at: 0) }
  }

  @Test func anEmptyFolderSaysWhatIsExpected() {
    let text = message()
    #expect(text.contains("no pictures") && text.contains("/train/<class>/"))
  }

  @Test func picturesNeedPreprocessing() throws {
    try folder.write("a/1.ppm", picture(1))
    #expect(message(.init()).contains("nothing about their preprocessing"))
    let bad = Preprocessing(image: .init(width: 0, height: 2))
    #expect(message(.init(preprocessing: bad)).contains("preprocessing: crop"))
  }

  private static let flowers = DatasetOptions(preprocessing: .init(image: .init(width: 128, height: 128)))

  @Test(.enabled(if: SharedData.exists("data/flowers5"), "needs ../shared/data/flowers5"))
  func flowers() throws {
    let data = try Dataset.load(SharedData.path("data/flowers5"), options: Self.flowers)
    #expect(data.train.count == 2934 && data.heldOut.count == 736)
    #expect(data.classNames == ["daisy", "dandelion", "roses", "sunflowers", "tulips"])
    #expect(data.train.location(of: 0).hasSuffix("train/daisy/100080576_f52e8ee070_n.jpg"))
    #expect(data.train.label(at: 0) == 0 && data.train.label(at: 2933) == 4)
    #expect(data.heldOut.label(at: 0) == 0 && data.heldOut.label(at: 735) == 4)
    try data.check(inputCount: 49_152, classCount: 5)
    let first = data.heldOut.prefix(24)
    try first.preload()
    #expect(try first.sample(at: 23).input.count == 49_152)
  }

  @Test(.enabled(if: SharedData.exists("data/flowers5"), "needs ../shared/data/flowers5"))
  func theSmallerSetOfFlowers() throws {
    var options = Self.flowers
    options.labelsFile = "subset.csv"
    let data = try Dataset.load(SharedData.path("data/flowers5"), options: options)
    #expect(data.train.count == 1500 && data.heldOut.count == 500)
  }

  /// The SHA-256 of pixel - 128, channel by channel, as computed in Python.
  @Test(
    .enabled(if: SharedData.exists("golden/photos"), "needs ../shared/golden/photos"),
    arguments: [
      ("astronaut", "f0f75be6f9ca0ba8a77b5a51fd08132321bc9749b6c745c5373b10256d0a9a1b"),
      ("chelsea", "831cdcceaed4f7ca124ff8ec1f639785071960ba24a0754eab153d3025beeb01"),
      ("coffee", "9b44e7c39804361ac77f6fc23469e1b6e58c0463daa4cd948fb1ff4bcd5ae660"),
      ("rocket", "5b91978c1a18603f093b7d09ddc03b93ef7cf6f32932f90b02a93ab57de3f8ed"),
    ])
  func photosHaveTheirHash(name: String, hash: String) throws {
    let photo = try ImageFile.read(SharedData.path("golden/photos/\(name).ppm"))
    let input = try ImagePreprocessing(width: 128, height: 128).apply(photo)
    #expect(Digest.sha256(input.map { UInt8(bitPattern: $0) }) == hash)
  }
}
