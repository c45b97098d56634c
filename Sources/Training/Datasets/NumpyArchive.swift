import Foundation

/// Reads the arrays of an `.npz` archive.
public enum NumpyArchive {
  /// All arrays of numbers by name, without the `.npy` of the member; arrays of text (class names) are left
  /// out. Stored members stay mapped.
  /// - Throws: `DatasetError` for the first member that is damaged.
  public static func read(_ path: String) throws -> [String: NumericArray] {
    let archive = try ZipArchive(path: path)
    let members = archive.names.filter { $0.hasSuffix(".npy") }
    let arrays = try members.compactMap { member -> (String, NumericArray)? in
      let contents = try archive.contents(of: member)
      if NumpyFile.holdsText(contents) { return nil }
      let array = try NumpyFile.parse(contents, location: "\(path): \(member)")
      return (String(member.dropLast(4)), array)
    }
    return Dictionary(arrays, uniquingKeysWith: { first, _ in first })
  }
}
