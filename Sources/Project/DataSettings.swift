/// Where the samples come from, and which of them are held out to test with.
public struct DataSettings: Equatable, Codable, Sendable {
  /// Which samples are held out where the data does not say so itself.
  public enum HeldOut: Equatable, Codable, Sendable {
    /// Every k-th sample.
    case every(Int)
    /// A share, spread evenly.
    case fraction(Double)
    /// The last samples of the file.
    case last(Int)
  }

  /// A folder of pictures, or a `.csv`, `.npz` or folder of `.npy` files.
  public var path: String
  public var heldOut: HeldOut
  /// The column of a table that holds the class: its name or its number; `nil` finds it.
  public var labelColumn: String?

  public init(path: String, heldOut: HeldOut = .every(5), labelColumn: String? = nil) {
    self.path = path
    self.heldOut = heldOut
    self.labelColumn = labelColumn
  }
}
