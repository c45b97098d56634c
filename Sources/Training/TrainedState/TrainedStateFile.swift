import Foundation

extension TrainedState {
  /// The newest format that this version reads.
  public static let version = 2

  private static let magic = Array("TINYSTAT".utf8)
  private static let headBytes = 16
  private static let digestBytes = 32

  /// The file's content.
  /// - Throws: `EncodingError` for an accuracy that is not finite.
  public func encoded() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text = Array(try encoder.encode(description))
    // Without kept samples a file is as older versions read it.
    let version = replay.isEmpty ? 1 : Self.version
    var file = Self.magic + Self.bytes(of: version) + Self.bytes(of: text.count) + text + bytes + replay
    file += Digest.sha256Bytes(file)
    return file
  }

  /// Writes the file whole or not at all.
  /// - Throws: `AtomicFile.Failure`, `EncodingError`.
  public func write(to path: String) throws {
    try AtomicFile.write(Data(try encoded()), to: path)
  }

  /// - Throws: `TrainedStateError`.
  public init(contentsOf path: String) throws(TrainedStateError) {
    let data: Data
    do {
      data = try Data(contentsOf: URL(filePath: path))
    } catch {
      throw .unreadable(path: path, reason: error.localizedDescription)
    }
    try self.init(file: Array(data), path: path)
  }

  /// Takes a file's content apart; `path` is what errors name.
  /// - Throws: `TrainedStateError`.
  public init(file: [UInt8], path: String) throws(TrainedStateError) {
    guard file.starts(with: Self.magic) else { throw .notAState(path: path) }
    guard file.count >= Self.headBytes + Self.digestBytes else {
      throw .damaged(path: path, reason: "it is cut off")
    }
    let version = Self.number(in: file, at: 8)
    guard version <= Self.version else { throw .newerVersion(path: path, version: version) }
    guard Digest.sha256Bytes(Array(file.dropLast(Self.digestBytes))) == Array(file.suffix(Self.digestBytes))
    else {
      throw .damaged(path: path, reason: "its check sum is wrong")
    }
    let end = Self.headBytes + Self.number(in: file, at: 12)
    guard end <= file.count - Self.digestBytes else {
      throw .damaged(path: path, reason: "its description is longer than the file")
    }
    do {
      description = try JSONDecoder().decode(Description.self, from: Data(file[Self.headBytes..<end]))
    } catch {
      throw .damaged(path: path, reason: "its description cannot be read")
    }
    let learned = file[end..<file.count - Self.digestBytes]
    let expected = description.tensors.reduce(0) { $0 + $1.bytes }
    let kept = description.replayBytes ?? 0
    guard kept >= 0, learned.count - kept == expected else {
      throw .damaged(
        path: path, reason: "it has \(learned.count - kept) bytes of state, its tensors take \(expected)")
    }
    bytes = Array(learned.prefix(expected))
    replay = Array(learned.suffix(kept))
  }

  private static func bytes(of number: Int) -> [UInt8] {
    withUnsafeBytes(of: UInt32(truncatingIfNeeded: number).littleEndian) { Array($0) }
  }

  private static func number(in file: [UInt8], at offset: Int) -> Int {
    file[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}
