import Foundation

/// Two named pipes in a private folder, through which an emulator talks to the host.
///
/// The names fit QEMU's `-serial pipe:PATH`, which appends `.in` and `.out`.
public struct LinkPipes: Sendable {
  public let directory: String

  /// What `-serial pipe:` takes.
  public var serialPath: String { directory + "/link" }
  /// Host to device.
  public var toDevice: String { serialPath + ".in" }
  /// Device to host.
  public var fromDevice: String { serialPath + ".out" }
  /// The command line by which an image finds the pipes through semihosting.
  public var semihostingArguments: [String] { ["tinysdk-link", toDevice, fromDevice] }

  /// Room the device has for the command line.
  private static let longestDirectory = 64

  /// Makes the folder (readable by this user only) and both pipes.
  ///
  /// - Throws: `LinkError.pipe`.
  public init() throws {
    directory = try LinkPipes.makeDirectory()
    for path in [toDevice, fromDevice] where mkfifo(path, 0o600) != 0 {
      let reason = String(cString: strerror(errno))
      remove()
      throw LinkError.pipe(path: path, reason: reason)
    }
  }

  /// Deletes the pipes and their folder. Harmless when repeated.
  public func remove() {
    unlink(toDevice)
    unlink(fromDevice)
    rmdir(directory)
  }

  /// In the system's folder for temporary files, unless its path has characters that QEMU or the device's
  /// command line give a meaning, or is too long for it.
  private static func makeDirectory() throws -> String {
    let preferred = NSTemporaryDirectory()
    let usable = preferred.utf8.count <= longestDirectory && !preferred.contains { " ,".contains($0) }
    var template = Array(((usable ? preferred : "/tmp/") + "/tinysdk-link-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else {
      throw LinkError.pipe(path: preferred, reason: String(cString: strerror(errno)))
    }
    return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
      .replacingOccurrences(of: "//", with: "/")
  }
}
