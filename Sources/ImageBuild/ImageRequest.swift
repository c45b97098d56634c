import Boards

/// What belongs into an image.
public struct ImageRequest: Equatable, Codable, Sendable {
  /// The files that the compiler emitted: model.c.
  public var modelSources: [String]
  /// The application's own; warnings in them are no errors.
  public var appSources: [String]
  /// The device runtime; left out for the host.
  public var runtimeSources: [String]
  public var kernelSources: [String]
  public var includeDirectories: [String]
  public var defines: [String: String]
  /// Everything that the build makes lies below it.
  public var outputDirectory: String
  /// Where the writable parts lie; nil takes the board's default.
  public var placement: MemoryPlacement?
  /// Bytes of stack where `placement` is nil; nil takes the board's default.
  public var stackBytes: Int?
  /// The transport by name; nil takes the board's first.
  public var transport: String?

  public init(
    modelSources: [String], appSources: [String] = [], runtimeSources: [String] = [],
    kernelSources: [String] = [], includeDirectories: [String] = [], defines: [String: String] = [:],
    outputDirectory: String, placement: MemoryPlacement? = nil, stackBytes: Int? = nil,
    transport: String? = nil
  ) {
    self.modelSources = modelSources
    self.appSources = appSources
    self.runtimeSources = runtimeSources
    self.kernelSources = kernelSources
    self.includeDirectories = includeDirectories
    self.defines = defines
    self.outputDirectory = outputDirectory
    self.placement = placement
    self.stackBytes = stackBytes
    self.transport = transport
  }

  /// The image of a microcontroller board.
  public var imagePath: String { "\(outputDirectory)/image.elf" }
  /// The image for the host.
  public var sharedObjectPath: String { "\(outputDirectory)/image.so" }
  public var linkerScriptPath: String { "\(outputDirectory)/generated/image.ld" }
  public var boardHeaderPath: String { "\(outputDirectory)/generated/tinysdk_board.h" }
  public var mapPath: String { "\(outputDirectory)/image.map" }

  /// The file that a build for `board` makes.
  public func product(for board: Board) -> String { board.isHost ? sharedObjectPath : imagePath }
}
