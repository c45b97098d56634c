import Boards
import Compiler
import Foundation
import ImageBuild
import Importers
import Project

/// A file of a new project.
package struct ProjectFile: Equatable, Sendable {
  /// Relative to the project's folder.
  package var path: String
  package var purpose: String
  package var content: Data
}

/// A project around a person's own model: the model, a project file that fits it, the application.
/// - Parameters:
///   - model: the path of a model file.
///   - classes: gives the network a new head for this many classes; `nil` keeps its own.
/// - Throws: `ImportError`, `FileError`
package func projectFiles(
  name: String, board: String, model: String, classes: Int?, root: SDKRoot
) throws -> [ProjectFile] {
  let imported = try importModel(path: model)
  let layers = try updatableLayers(of: imported.graph).count
  let file = "Model/\(URL(filePath: model).lastPathComponent)"
  var project = Project(name: name, model: file, board: board)
  project.head = classes == nil ? .keep : .new
  project.classes = classes.map { .count($0) }
  if let published = publishedSchemes.first(where: { $0.layers == layers }) {
    project.update = .named(published.scheme.name)
  }
  project.data = DataSettings(path: "Data")
  if let input = imported.graph.tensors(role: .input).first, input.element == .int8, input.shape.count == 4,
    input.shape[1] == 3
  {
    project.preprocessing.pixelMinus = 128
  }
  return [
    ProjectFile(path: Project.fileName, purpose: Purpose.settings, content: Data(project.text.utf8)),
    ProjectFile(path: file, purpose: Purpose.model, content: try contents(of: model)),
    try application(root),
    ProjectFile(
      path: "Data/README.md", purpose: "says where the samples go", content: Data(dataText.utf8)),
    ProjectFile(path: "README.md", purpose: Purpose.readme, content: Data(readme(project).utf8)),
    ignored,
  ]
}

/// The digits network with its data, as a project.
/// - Throws: `FileError`, `ConfigurationError`
package func digitsProjectFiles(name: String, board: String, root: SDKRoot) throws -> [ProjectFile] {
  let example = "\(root.examples)/digits"
  var project = try Project(folder: example)
  project.name = name
  project.board = board
  return [
    ProjectFile(path: Project.fileName, purpose: Purpose.settings, content: Data(project.text.utf8)),
    ProjectFile(
      path: project.model, purpose: Purpose.model, content: try contents(of: "\(example)/\(project.model)")),
    try application(root),
    ProjectFile(
      path: "Data/digits.csv", purpose: "1,797 scanned digits to learn from",
      content: try contents(of: "\(example)/Data/digits.csv")),
    ProjectFile(path: "README.md", purpose: Purpose.readme, content: Data(readme(project).utf8)),
    ignored,
  ]
}

private enum Purpose {
  static let settings = "what is trained, how, on which board"
  static let model = "the network"
  static let readme = "how to go on"
}

private func application(_ root: SDKRoot) throws(FileError) -> ProjectFile {
  ProjectFile(
    path: "App/main.c", purpose: "the application: yours to change",
    content: try contents(of: "\(root.examples)/digits/App/main.c"))
}

private let ignored = ProjectFile(
  path: ".gitignore", purpose: "keeps what is built out of version control", content: Data("build/\n".utf8))

private let dataText = """
  # Data

  Put the samples here: one folder of JPEG, PNG or PPM pictures for each class, or a table (`data.csv`), or arrays
  (`x.npy` and `y.npy`, or one `.npz`). `data` and `preprocessing` in `tinysdk.yml` say how they are read.

  """

private func readme(_ project: Project) -> String {
  """
  # \(project.name)

  A network that learns on \(project.board), made with TinySDK.

      tinysdk plan      # what the training step costs in memory
      tinysdk build     # the image, in build/\(project.board)
      tinysdk run       # start it in the emulator
      tinysdk train     # let it learn from Data

  - `tinysdk.yml`: the settings. What learns is `update`; `tinysdk inspect \(project.model)` shows the layers.
  - `App/main.c`: the application. It takes samples, learns or predicts, and is yours to change.
  - `Data/`: the samples.

  """
}
