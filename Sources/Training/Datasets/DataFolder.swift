import Foundation

/// A folder given as data: what is in it decides how it is read.
struct DataFolder {
  let path: String
  private let files: [String]

  init(_ path: String) {
    self.path = path
    files = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  func dataset(_ options: DatasetOptions) throws -> Dataset {
    if let idx = try idxDataset(options) { return idx }
    if let train = file("train.csv") {
      return try tableDataset(train, heldOut: file("val.csv") ?? file("test.csv"), options)
    }
    let arrays = files.filter { $0.hasSuffix(".npy") }
    if !arrays.isEmpty { return try arrayDataset(arrays, options) }
    let single = files.filter { name in
      (name.hasSuffix(".npz") || name.hasSuffix(".csv")) && name != options.labelsFile
    }
    if ImageFolder.looksLikeOne(path) || single.isEmpty {
      return try ImageFolder(path, options).dataset(options)
    }
    guard single.count == 1 else {
      throw DatasetError(
        path, "more than one data file: \(single.joined(separator: ", "))",
        advice: "Name one of them, for example --data \(path)/\(single[0])")
    }
    return try Dataset.load(path + "/" + single[0], options: options)
  }

  private func file(_ name: String) -> String? {
    files.contains(name) ? path + "/" + name : nil
  }

  private func arrayDataset(_ names: [String], _ options: DatasetOptions) throws -> Dataset {
    let arrays = try names.map { (String($0.dropLast(4)), try NumpyFile.read(path + "/" + $0)) }
    return try LabeledArrays(path: path, arrays: Dictionary(arrays) { first, _ in first }).dataset(options)
  }

  /// The four files of MNIST and of the sets made like it, compressed or not.
  private func idxDataset(_ options: DatasetOptions) throws -> Dataset? {
    let names = [
      ("x_train", "train-images-idx3-ubyte"), ("y_train", "train-labels-idx1-ubyte"),
      ("x_test", "t10k-images-idx3-ubyte"), ("y_test", "t10k-labels-idx1-ubyte"),
    ]
    let found = names.compactMap { key, name in
      (file(name) ?? file(name + ".gz")).map { (key, $0) }
    }
    if found.isEmpty { return nil }
    let arrays = try found.map { ($0.0, try IdxFile.read($0.1)) }
    return try LabeledArrays(path: path, arrays: Dictionary(arrays) { first, _ in first }).dataset(options)
  }
}
