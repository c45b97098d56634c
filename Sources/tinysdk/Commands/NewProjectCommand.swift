import ArgumentParser
import Foundation
import Project

package struct NewProjectCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "new-project",
    abstract: "Make a project: a folder with settings, a model, an application and data.",
    discussion: """
      Without --model the project is the digits example, which builds and trains at once. A file that is there
      already is never touched, so the command can be given again.
      """)

  @OptionGroup package var global: GlobalOptions

  @Argument(help: "The project's name: a new folder of that name.")
  package var name: String

  @Option(name: .shortAndLong, help: "The board; 'tinysdk boards' lists them.")
  package var board: String

  @Option(help: ArgumentHelp("An int8 model: an ONNX file, or a pickle of tiny-training.", valueName: "file"))
  package var model: String?

  @Option(help: ArgumentHelp("Give the model a new head for this many classes.", valueName: "n"))
  package var classes: Int?

  package init() {}

  package func validate() throws {
    if name.isEmpty || name.contains("/") || name.hasPrefix(".") {
      throw ValidationError("'\(name)' is no name for a folder; name its parent with --project DIR")
    }
    if let classes, classes < 2 { throw ValidationError("--classes: \(classes) is not 2 or more") }
    if classes != nil && model == nil { throw ValidationError("--classes needs --model") }
  }

  package mutating func run() async throws {
    let surroundings = try Surroundings(pluginPaths: global.pluginPaths)
    _ = try surroundings.boards.board(named: board)
    let root = surroundings.root
    let files =
      if let model {
        try projectFiles(name: name, board: board, model: model, classes: classes, root: root)
      } else {
        try digitsProjectFiles(name: name, board: board, root: root)
      }
    let result = try NewProject(files, in: global.project == "." ? name : "\(global.project)/\(name)")
    try global.print(result, as: result.text)
  }
}

/// What making a project did, file by file.
package struct NewProject: Equatable, Codable, Sendable {
  package struct File: Equatable, Codable, Sendable {
    package var path: String
    package var purpose: String
    /// False where the file was there already, and stays as it was.
    package var isNew: Bool
  }

  package var folder: String
  package var files: [File]

  /// Writes those of `files` that are not there.
  /// - Throws: `FileError`
  package init(_ files: [ProjectFile], in folder: String) throws {
    self.folder = folder
    self.files = []
    for file in files {
      let path = "\(folder)/\(file.path)"
      let isNew = !FileManager.default.fileExists(atPath: path)
      if isNew { try write(file.content, to: path) }
      self.files.append(File(path: path, purpose: file.purpose, isNew: isNew))
    }
  }

  package var text: String {
    let rows = files.map { [$0.isNew ? "made" : "kept", $0.path, $0.purpose] }
    return textTable(["", "file", "for"], rows) + "\n\nGo on with\n  cd \(folder)\n  tinysdk build"
  }
}
