import Foundation

/// The pictures of a folder with their labels, before any is decoded.
///
/// Either `train/<class>/*` with `val/<class>/*` (or `test`, `validation`), or `<class>/*`; a labels file
/// with the columns `path` and `label`, and perhaps `class`, fixes the order and the labels.
struct ImageFolder {
  struct Entry {
    /// Relative to the folder.
    let path: String
    /// A class name or number.
    let label: String
    let place: String
  }

  let root: String
  let entries: [Entry]
  let classNames: [String]?

  private static let trainingFolders: Set<String> = ["train", "training"]
  private static let heldOutFolders: Set<String> = ["val", "valid", "validation", "test"]

  /// - Throws: `DatasetError` listing every file that the labels file names and that is not there, or
  ///   saying that
  ///   the folder holds no picture.
  init(_ root: String, _ options: DatasetOptions) throws {
    self.root = root
    let labelsPath = root + "/" + options.labelsFile
    if FileManager.default.fileExists(atPath: labelsPath) {
      let labels = try ImageLabels(labelsPath, names: options.classNames)
      entries = labels.entries
      classNames = options.classNames ?? labels.classNames
      try checkFiles(labelsFile: options.labelsFile)
    } else {
      entries = Self.walk(root)
      classNames = options.classNames
    }
    if entries.isEmpty {
      throw DatasetError(
        root, "no pictures (\(ImageFile.extensions.sorted().joined(separator: ", "))) in folders of classes",
        advice: "Put them at \(root)/train/<class>/ and \(root)/val/<class>/, or at \(root)/<class>/.")
    }
  }

  /// Whether the folder has subfolders, as every folder of pictures has.
  static func looksLikeOne(_ root: String) -> Bool { !subfolders(root).isEmpty }

  func dataset(_ options: DatasetOptions) throws -> Dataset {
    guard let preprocessing = options.preprocessing.image else {
      throw DatasetError(
        root, "the data are pictures and the project says nothing about their preprocessing",
        advice: "Give the width, height and channels of the model's input under preprocessing in tinysdk.yml."
      )
    }
    let problems = preprocessing.problems()
    if !problems.isEmpty { throw DatasetError(problems, advice: "Correct the project's preprocessing.") }
    let classes = try ClassLabels(entries.map(\.label), names: classNames) { entries[$0].place }
    let source = ImageSamples(
      paths: entries.map { root + "/" + $0.path }, labels: classes.labels, preprocessing: preprocessing,
      cacheByteLimit: options.cacheByteLimit)
    let indices = try split(options.heldOut)
    return Dataset(
      classNames: classes.names, train: SampleSet(source: source, indices: indices.train),
      heldOut: SampleSet(source: source, indices: indices.heldOut))
  }

  /// By the first folder of each path, if that tells; else by the rule.
  private func split(_ rule: HeldOut) throws -> (train: [Int], heldOut: [Int]) {
    let tops = entries.map { String($0.path.prefix { $0 != "/" }).lowercased() }
    let train = tops.indices.filter { !Self.heldOutFolders.contains(tops[$0]) }
    let heldOut = tops.indices.filter { Self.heldOutFolders.contains(tops[$0]) }
    return train.isEmpty || heldOut.isEmpty ? try rule.split(count: entries.count) : (train, heldOut)
  }

  private func checkFiles(labelsFile: String) throws {
    let missing = entries.filter { !FileManager.default.fileExists(atPath: root + "/" + $0.path) }
    if missing.isEmpty { return }
    throw DatasetError(
      missing.map { .init($0.place, "there is no file \(root)/\($0.path)") },
      advice: "Add the files, or take their lines out of \(labelsFile).")
  }

  private static func walk(_ root: String) -> [Entry] {
    let parts = subfolders(root).filter { trainingFolders.union(heldOutFolders).contains($0.lowercased()) }
    return (parts.isEmpty ? [""] : parts.map { $0 + "/" }).sorted().flatMap { part in
      subfolders(root + "/" + part).flatMap { name in
        pictures(root + "/" + part + name).map { file in
          Entry(path: part + name + "/" + file, label: name, place: root + "/" + part + name)
        }
      }
    }
  }

  private static func subfolders(_ path: String) -> [String] {
    names(path).filter { name in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: path + "/" + name, isDirectory: &isFolder)
        && isFolder.boolValue
    }
  }

  private static func pictures(_ path: String) -> [String] {
    names(path).filter { ImageFile.extensions.contains(($0 as NSString).pathExtension.lowercased()) }
  }

  private static func names(_ path: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { !$0.hasPrefix(".") }.sorted()
  }
}
