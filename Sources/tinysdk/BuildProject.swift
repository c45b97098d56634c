import Boards
import Compiler
import Foundation
import ImageBuild

/// A project's image for a board, and the plan that it was made from.
package struct BuiltProject: Sendable {
  package var planned: PlannedProject
  /// The ELF file, or for the host the shared object; sizes and stack bound for a device.
  package var image: BuiltImage
  /// Where everything of this build lies.
  package var folder: String

  package var plan: Plan { planned.plan }
  package var board: Board { planned.board }
  /// The object files of its kernels.
  package var kernelObjects: [String] {
    objectFiles(ofKernels: kernelFiles(for: plan, in: planned.backends), in: folder)
  }
}

/// Where an image's build in `folder` leaves what it compiled kernels to.
package func objectFiles(ofKernels files: [String], in folder: String) -> [String] {
  files.map { file in "\(folder)/kernels/\(file.split(separator: "/").last ?? "").o" }
}

/// Plans, checks, generates, compiles and links a project's image. What is up to date is not made again.
///
/// - Parameter console: told what is going on.
/// - Throws: whatever `planProject` and `ImageBuild.buildImage` throw, `EmitError`, `FileError`,
///   `MissingApplication`, and `FlashOverflow` where kept samples in flash leave code too little of it.
package func buildProject(
  _ workspace: Workspace, _ settings: BuildSettings = .init(), console: Console = Console(level: .quiet)
) async throws -> BuiltProject {
  let planned = try await planProject(workspace, settings, console: console)
  let folder = workspace.outputFolder(board: planned.board.name, profile: settings.profile)
  for file in try emitC(planned.plan) {
    try writeIfChanged(file.text, to: "\(folder)/generated/\(file.name)")
  }
  let request = try imageRequest(workspace, planned, settings, folder: folder)
  let toolchain = try workspace.surroundings.toolchains.toolchain(
    named: settings.toolchain ?? workspace.project.toolchain, for: planned.board)
  let progress = BuildProgress(console: console)
  do {
    let image = try await buildImage(
      request, planned.board, toolchain,
      executor: Executor(directory: folder, tools: workspace.surroundings.tools), onEvent: progress.tell)
    console.progress("")
    return BuiltProject(planned: planned, image: image, folder: folder)
  } catch let error as BuildError {
    let overflow: (any Error)? = FlashOverflow(error, planned.plan)
    throw overflow ?? error
  }
}

/// What belongs into a project's image.
package func imageRequest(
  _ workspace: Workspace, _ planned: PlannedProject, _ settings: BuildSettings, folder: String
) throws -> ImageRequest {
  let root = workspace.surroundings.root
  let generated = "\(folder)/generated"
  var request = ImageRequest(
    modelSources: ["model.c", "model_data.c"].map { "\(generated)/\($0)" },
    kernelSources: kernelFiles(for: planned.plan, in: planned.backends),
    includeDirectories: [generated, root.kernelHeaders] + planned.backends.map(\.folder),
    outputDirectory: folder,
    placement: planned.plan.placement, stackBytes: planned.plan.stackBytes, transport: settings.transport)
  guard !planned.board.isHost else { return request }
  let application = workspace.path("App")
  request.appSources = cFiles(in: application)
  guard !request.appSources.isEmpty else { throw MissingApplication(folder: application) }
  request.appSources += workspace.surroundings.boards.firmware(ofBoard: planned.board.name)
  request.runtimeSources = root.runtimeSources
  request.includeDirectories += [root.runtimeHeaders, application]
  if settings.profile { request.defines["TINYSDK_PROFILE_OPERATORS"] = "\(planned.plan.steps.count)" }
  return request
}

private func cFiles(in folder: String) -> [String] {
  ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    .filter { $0.hasSuffix(".c") }.map { "\(folder)/\($0)" }
}

/// A project without a C file of its own.
package struct MissingApplication: Error, Equatable, CustomStringConvertible {
  package var folder: String

  package var description: String {
    "no C file in '\(folder)': a device needs the application's main(); 'tinysdk new-project' writes one that takes "
      + "samples from the link"
  }
}
