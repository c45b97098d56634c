import Foundation

/// Reads the arrays of an `.npz` archive.
public enum NumpyArchive {
  /// All arrays by name, without the `.npy` of the member. Stored members stay mapped.
  /// - Throws: `DatasetError` for the first member that is damaged.
  public static func read(_ path: String) throws -> [String: NumericArray] {
    let archive = try ZipArchive(path: path)
    let members = archive.names.filter { $0.hasSuffix(".npy") }
    let arrays = try members.map { member in
      let array = try NumpyFile.parse(try archive.contents(of: member), location: "\(path): \(member)")
      return (String(member.dropLast(4)), array)
    }
    return Dictionary(arrays, uniquingKeysWith: { first, _ in first })
  }
}
