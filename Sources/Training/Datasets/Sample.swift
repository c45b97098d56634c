/// One input of the model and its class.
public struct Sample: Sendable, Equatable {
  /// The bytes of the model's input, channel by channel.
  public let input: [Int8]
  public let label: Int

  public init(input: [Int8], label: Int) {
    self.input = input
    self.label = label
  }
}
