/// How a data set is read.
public struct DatasetOptions: Codable, Sendable, Equatable {
  public var preprocessing: Preprocessing
  /// Used where the data has no part of its own to test on.
  public var heldOut: HeldOut
  /// Which column of a table is the class.
  public var labelColumn: LabelColumn
  /// The file in an image folder that fixes order and labels; where it is absent, the folders do.
  public var labelsFile: String
  /// The names of the classes, in the model's order; nil takes them from the data.
  public var classNames: [String]?
  /// How many bytes of preprocessed pictures are kept in memory.
  public var cacheByteLimit: Int

  public init(
    preprocessing: Preprocessing = .init(), heldOut: HeldOut = .everyKth(5),
    labelColumn: LabelColumn = .automatic,
    labelsFile: String = "labels.csv", classNames: [String]? = nil, cacheByteLimit: Int = 1 << 30
  ) {
    self.preprocessing = preprocessing
    self.heldOut = heldOut
    self.labelColumn = labelColumn
    self.labelsFile = labelsFile
    self.classNames = classNames
    self.cacheByteLimit = cacheByteLimit
  }
}
