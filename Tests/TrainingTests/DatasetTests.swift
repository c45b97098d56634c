import Foundation
import Testing
import Training

@Suite struct DatasetTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func load(_ name: String, _ options: DatasetOptions = .init(heldOut: .everyKth(2))) throws
    -> Dataset
  {
    try Dataset.load(folder.path + "/" + name, options: options)
  }

  private func message(_ name: String, _ options: DatasetOptions = .init(heldOut: .everyKth(2))) -> String {
    let error = #expect(throws: DatasetError.self) { try load(name, options) }
    return error?.description ?? ""
  }

  private func labels(_ set: SampleSet) -> [Int] { (0..<set.count).map(set.label) }

  @Test func aTableIsSplit() throws {
    try folder.write("t.csv", "a,b,label\n1,2,0\n3,4,1\n5,6,0\n7,8,1\n")
    let data = try load("t.csv")
    #expect(data.classNames == ["0", "1"])
    #expect(data.inputCount == 2)
    #expect(try data.train.sample(at: 1) == Sample(input: [5, 6], label: 0))
    #expect(try data.heldOut.sample(at: 0) == Sample(input: [3, 4], label: 1))
    #expect(data.heldOut.location(of: 1) == folder.path + "/t.csv:5")
  }

  @Test func namesOfClassesAreNumberedInOrder() throws {
    try folder.write("t.csv", "1,dog\n2,cat\n3,dog\n")
    #expect(try load("t.csv").classNames == ["cat", "dog"])
    var options = DatasetOptions(heldOut: .everyKth(2), classNames: ["dog", "cow", "cat"])
    #expect(labels(try load("t.csv", options).train) == [0, 0])
    options.classNames = ["dog", "cow"]
    #expect(message("t.csv", options).contains("t.csv:2: label 'cat' is none of dog, cow"))
  }

  @Test func trainAndTestTables() throws {
    try folder.write("d/train.csv", "1,0\n2,1\n")
    try folder.write("d/val.csv", "3,1\n")
    let data = try load("d")
    #expect(labels(data.train) == [0, 1])
    #expect(try data.heldOut.sample(at: 0) == Sample(input: [3], label: 1))
    try folder.write("d/val.csv", "3,4,1\n")
    #expect(message("d").contains("val.csv: 2 features"))
  }

  @Test func negativeAndFractionalLabels() throws {
    try folder.write("t.csv", "1,0\n2,-1\n3,-7\n")
    let text = message("t.csv")
    #expect(text.contains("t.csv:2: label -1 is out of range"))
    #expect(text.contains("t.csv:3: label -7 is out of range"))
  }

  @Test func aValueThatIsNotFiniteNamesItsRow() throws {
    let values = [Float(1), .nan].flatMap { EncodedFiles.littleEndian(Int($0.bitPattern), 4) }
    try folder.write("d/x.npy", EncodedFiles.npy("<f4", shape: [2, 1], values))
    try folder.write("d/y.npy", EncodedFiles.npy("|u1", shape: [2], [0, 1]))
    let data = try load("d")
    let error = #expect(throws: DatasetError.self) { try data.heldOut.sample(at: 0) }
    #expect(error?.description.contains("d: x[1]: element 0: nan is not finite") == true)
  }

  @Test func anArchiveOfTrainAndTest() throws {
    try folder.write(
      "a.npz",
      EncodedFiles.zip([
        ("x_train.npy", EncodedFiles.npy("|u1", shape: [2, 2], [1, 2, 3, 4])),
        ("y_train.npy", EncodedFiles.npy("|u1", shape: [2], [0, 2])),
        ("x_test.npy", EncodedFiles.npy("|u1", shape: [1, 2], [5, 6])),
        ("y_test.npy", EncodedFiles.npy("|u1", shape: [1, 1], [1])),
      ]))
    let data = try load("a.npz")
    #expect(data.classNames == ["0", "1", "2"])
    #expect(labels(data.train) == [0, 2])
    #expect(try data.heldOut.sample(at: 0) == Sample(input: [5, 6], label: 1))
  }

  @Test func aDeflatedArchiveIsSplit() throws {
    try folder.write("a.npz", base64: ZipArchiveTests.deflated)
    let data = try load(
      "a.npz", .init(preprocessing: .init(features: .init(inputScale: 0.25)), heldOut: .everyKth(4)))
    #expect(labels(data.train) == [0, 1, 2])
    #expect(try data.heldOut.sample(at: 0) == Sample(input: [18, 19, 20, 21, 22, 23], label: 1))
  }

  @Test func arraysOfUnequalSizeAreRefused() throws {
    try folder.write("d/x.npy", EncodedFiles.npy("|u1", shape: [2, 1], [1, 2]))
    try folder.write("d/y.npy", EncodedFiles.npy("|u1", shape: [3], [1, 2, 3]))
    #expect(message("d").contains("d: y: labels of shape [3] do not fit samples of shape [2, 1]"))
  }

  @Test func samplesOfUnequalSizeAreRefused() throws {
    for (part, width) in [("train", 2), ("test", 3)] {
      let values = [UInt8](repeating: 0, count: 2 * width)
      try folder.write("d/x_\(part).npy", EncodedFiles.npy("|u1", shape: [2, width], values))
      try folder.write("d/y_\(part).npy", EncodedFiles.npy("|u1", shape: [2], [0, 1]))
    }
    #expect(message("d").contains("x_test: samples of [3], those to train on are [2]"))
  }

  @Test func labelsThatAreNotWholeNumbersAreListed() throws {
    let values = [0.0, 0.5, 2.5].flatMap {
      EncodedFiles.littleEndian(Int(bitPattern: UInt($0.bitPattern)), 8)
    }
    try folder.write("d/x.npy", EncodedFiles.npy("|u1", shape: [3, 1], [1, 2, 3]))
    try folder.write("d/y.npy", EncodedFiles.npy("<f8", shape: [3], values))
    let text = message("d")
    #expect(text.contains("y[1]: label 0.5 is not a whole number"))
    #expect(text.contains("y[2]: label 2.5 is not a whole number"))
  }

  @Test func anArchiveWithoutLabelsSaysWhatIsThere() throws {
    try folder.write(
      "a.npz", EncodedFiles.zip([("foo.npy", EncodedFiles.npy("|u1", shape: [1, 2], [1, 2]))]))
    #expect(message("a.npz").contains("there are: foo [1, 2]"))
  }

  @Test func idxFiles() throws {
    func idx(_ sizes: [Int], _ bytes: [UInt8]) -> [UInt8] {
      [0, 0, 8, UInt8(sizes.count)] + sizes.flatMap { EncodedFiles.bigEndian($0, 4) } + bytes
    }
    try folder.write("d/train-images-idx3-ubyte", idx([2, 1, 2], [1, 2, 3, 4]))
    try folder.write("d/train-labels-idx1-ubyte", idx([2], [1, 0]))
    try folder.write("d/t10k-images-idx3-ubyte", idx([1, 1, 2], [5, 6]))
    try folder.write("d/t10k-labels-idx1-ubyte", idx([1], [1]))
    let data = try load("d")
    #expect(try data.train.sample(at: 0) == Sample(input: [1, 2], label: 1))
    #expect(try data.heldOut.sample(at: 0) == Sample(input: [5, 6], label: 1))
    try folder.write("d/t10k-labels-idx1-ubyte", idx([2], [1]))
    #expect(message("d").contains("t10k-labels-idx1-ubyte: truncated"))
  }

  @Test func everyLabelTheModelLacksIsListed() throws {
    try folder.write("t.csv", "1,0\n2,1\n3,2\n4,3\n")
    let data = try load("t.csv")
    try data.check(inputCount: 1, classCount: 4)
    let error = #expect(throws: DatasetError.self) { try data.check(inputCount: 1, classCount: 2) }
    let text = error?.description ?? ""
    #expect(text.contains("t.csv:3: label 2 (2) is out of range: the model has classes 0 ... 1"))
    #expect(text.contains("t.csv:4: label 3 (3) is out of range"))
    let size = #expect(throws: DatasetError.self) { try data.check(inputCount: 64, classCount: 4) }
    #expect(size?.description.contains("a sample has 1 values, the model takes 64") == true)
  }

  @Test func theHashFollowsEveryByteAndLabel() throws {
    let tables = ["1,0\n2,1\n", "1,0\n3,1\n", "1,0\n2,0\n"]
    let hashes = try tables.map { text in
      try folder.write("t.csv", text)
      return try load("t.csv").contentHash()
    }
    #expect(Set(hashes).count == 3)
    // hashlib: sha256(sha256(le32(0) + 01) + sha256(le32(1) + 02))
    #expect(hashes[0] == "d3544c78600297f9d0a633ed4d1d60fd75cfbb285ebe232a5e86c433ed5443a9")
  }

  @Test func otherPathsAreRefused() throws {
    #expect(message("nothing").contains("there is no such file or folder"))
    try folder.write("a.txt", "hello")
    #expect(message("a.txt").contains("neither a folder nor a .csv or .npz file"))
    try folder.write("a.npy", EncodedFiles.npy("|u1", shape: [1], [1]))
    #expect(message("a.npy").contains("one array without its labels"))
    try folder.write("two/a.csv", "1,0\n")
    try folder.write("two/b.csv", "1,0\n")
    #expect(message("two").contains("more than one data file: a.csv, b.csv"))
  }

  @Test(.enabled(if: SharedData.exists("data/digits"), "needs ../shared/data/digits"))
  func digitsFromBothFilesAreTheSameSamples() throws {
    let options = DatasetOptions(
      preprocessing: .init(features: .init(deviation: [16], inputScale: 1.0 / 255, zeroPoint: -128)))
    let table = try Dataset.load(SharedData.path("data/digits/digits.csv"), options: options)
    let archive = try Dataset.load(SharedData.path("data/digits/digits.npz"), options: options)
    #expect(table.train.count == 1438 && table.heldOut.count == 359)
    #expect(table.classNames == (0...9).map(String.init))
    try archive.check(inputCount: 64, classCount: 10)
    #expect(try table.contentHash() == archive.contentHash())
  }

  @Test(.enabled(if: SharedData.exists("data/mnist"), "needs ../shared/data/mnist"))
  func handwrittenDigits() throws {
    let options = DatasetOptions(preprocessing: .init(features: .init(mean: [128])))
    let data = try Dataset.load(SharedData.path("data/mnist"), options: options)
    #expect(data.train.count == 60_000 && data.heldOut.count == 10_000)
    #expect(data.inputCount == 784)
    #expect((0..<8).map(data.train.label) == [5, 0, 4, 1, 9, 2, 1, 3])
    #expect((0..<4).map(data.heldOut.label) == [7, 2, 1, 0])
  }

  @Test(.enabled(if: SharedData.exists("data/kws01"), "needs ../shared/data/kws01"))
  func keywords() throws {
    let data = try Dataset.load(SharedData.path("data/kws01"))
    #expect(data.train.count + data.heldOut.count == 1000)
    try data.check(inputCount: 490, classCount: 12)
    #expect(data.train.label(at: 0) == 7)
  }
}
