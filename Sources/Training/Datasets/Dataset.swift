import Foundation

/// Labelled samples, split into those to train on and those held out to test with.
public struct Dataset: Sendable {
  /// The name of each class, by label.
  public let classNames: [String]
  public let train: SampleSet
  public let heldOut: SampleSet

  /// The bytes of one input.
  public var inputCount: Int { train.inputCount }

  /// Reads what lies at `path`: an image folder, a folder of `.npy`, `.csv` or idx files, or one `.csv`,
  /// `.npz` or `.npy` file. Pictures are decoded later, when their samples are asked for.
  /// - Throws: `DatasetError` listing all problems of the first kind found.
  public static func load(_ path: String, options: DatasetOptions = .init()) throws -> Dataset {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw DatasetError(path, "there is no such file or folder", advice: "Check the path given as --data.")
    }
    if isFolder.boolValue { return try DataFolder(path).dataset(options) }
    switch (path as NSString).pathExtension.lowercased() {
    case "csv": return try tableDataset(path, options)
    case "npz": return try LabeledArrays(path: path, arrays: try NumpyArchive.read(path)).dataset(options)
    case "npy":
      throw DatasetError(
        path, "one array without its labels", advice: "Give the folder that holds x.npy and y.npy.")
    default:
      throw DatasetError(
        path, "neither a folder nor a .csv or .npz file",
        advice: "Give a folder of pictures, a .csv or an .npz.")
    }
  }

  /// Checks the data against a model.
  /// - Parameters:
  ///   - inputCount: the bytes of the model's input.
  ///   - classCount: the model's classes.
  ///   - element: what one value of the input is.
  /// - Throws: `DatasetError` where a sample has another size, or listing every label the model does not
  ///   have.
  public func check(inputCount: Int, classCount: Int, element: InputElement = .int8) throws {
    guard self.inputCount == inputCount else {
      throw DatasetError(
        train.count > 0 ? train.location(of: 0) : "data",
        "a sample has \(self.inputCount / element.byteCount) values, the model takes \(inputCount / element.byteCount)",
        advice: "Change the project's preprocessing, or take another model.")
    }
    let problems = [train, heldOut].flatMap { set in
      (0..<set.count).filter { set.label(at: $0) >= classCount }.map { index in
        let label = set.label(at: index)
        return DatasetError.Problem(
          set.location(of: index),
          "label \(label) (\(classNames[label])) is out of range: the model has classes 0 ... \(classCount - 1)"
        )
      }
    }
    if !problems.isEmpty {
      throw DatasetError(
        problems, advice: "Give the model \(classNames.count) classes, or take these samples out.")
    }
  }

  /// SHA-256, in hexadecimal, of the SHA-256 of each sample (its label as a little-endian int32, then its
  /// input), first those to train on. Two runs with the same hash saw the same bytes, whatever decoder made
  /// them.
  /// - Throws: `DatasetError` where a sample cannot be read.
  public func contentHash() throws -> String {
    var digests: [UInt8] = []
    for set in [train, heldOut] {
      for index in 0..<set.count {
        let sample = try set.sample(at: index)
        let label = withUnsafeBytes(of: Int32(sample.label).littleEndian) { Array($0) }
        digests += Digest.sha256Bytes(label + sample.input.map { UInt8(bitPattern: $0) })
      }
    }
    return Digest.sha256(digests)
  }
}
