import Boards
import ImageBuild
import Training

/// Runs `body` with a built model: an image in its board's emulator, or the host twin inside this process.
/// - Parameters:
///   - transport: by name, as the image was built with.
///   - measuring: count instructions (slower).
/// - Throws: `NotEmulated` for a board that is neither; what starting the device and `body` throw;
///   `LinkError` where
///   the image's main ends with another code than 0.
package func withDevice<Value: Sendable>(
  _ built: BuiltProject, transport: String? = nil, measuring: Bool = false, console: Console,
  body: @escaping @Sendable (any TrainingDevice) async throws -> Value
) async throws -> Value {
  let model = try ModelInterface(built.plan)
  if built.board.isHost {
    return try await body(HostTwin(loading: built.image.path, expecting: model))
  }
  let (value, code) = try await withEmulatedDevice(
    built.image.path, board: built.board, transport: transport, expecting: model, measuring: measuring,
    console: { console.note("\(built.board.name): \($0)") }, body: { try await body($0) })
  guard code == 0 else { throw LinkError.deviceEnded(exitCode: code, console: "") }
  return value
}
