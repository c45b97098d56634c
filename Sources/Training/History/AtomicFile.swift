import Foundation

/// A file that is there whole or not at all: written beside its place under another name, flushed to the
/// disk, and renamed. Whoever reads it, or stops the program, sees the old file or the new one.
public enum AtomicFile {
  /// What could not be written and why.
  public struct Failure: Error, Equatable, CustomStringConvertible {
    public let path: String
    public let reason: String

    public var description: String {
      "\(path): cannot be written: \(reason)\nCheck that the folder is writable and the disk has room: "
        + "ls -ld \(path.isEmpty ? "." : (path as NSString).deletingLastPathComponent); df ."
    }
  }

  /// Writes `bytes` to `path`, replacing a file that is there; folders above it are made.
  /// - Throws: `Failure`; then no part of the file is left behind.
  public static func write(_ bytes: Data, to path: String) throws {
    let (folder, name) = ((path as NSString).deletingLastPathComponent, (path as NSString).lastPathComponent)
    let parent = folder.isEmpty ? "." : folder
    do {
      try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    } catch {
      throw Failure(path: path, reason: "the folder \(parent) cannot be made")
    }
    let temporary = parent + "/.\(name).\(UUID().uuidString)"
    let isWritten = writeAll(bytes, to: temporary) && rename(temporary, path) == 0
    if isWritten { return }
    let reason = String(cString: strerror(errno))
    unlink(temporary)
    throw Failure(path: path, reason: reason)
  }

  /// - Throws: `Failure`, as for bytes.
  public static func write(_ text: String, to path: String) throws {
    try write(Data(text.utf8), to: path)
  }

  /// False, with the reason in `errno`, where anything fails.
  private static func writeAll(_ bytes: Data, to path: String) -> Bool {
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard file >= 0 else { return false }
    let isWritten = bytes.withUnsafeBytes { writeAll($0, to: file) } && fsync(file) == 0
    let reason = errno
    let isClosed = close(file) == 0
    if !isWritten { errno = reason }
    return isWritten && isClosed
  }

  private static func writeAll(_ bytes: UnsafeRawBufferPointer, to file: Int32) -> Bool {
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let count = Foundation.write(file, rest.baseAddress, rest.count)
      if count < 0 && errno == EINTR { continue }
      if count < 0 { return false }
      done += count
    }
    return true
  }
}
