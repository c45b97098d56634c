/// A value of the program: its type, where it lives, and its content where that is known.
public struct Tensor: Sendable, Hashable, Codable {
  /// Where a tensor lives and who writes it.
  public enum Role: String, Sendable, Codable, CaseIterable {
    /// The sample: written by the application, consumed by the program (arena).
    case input
    /// A label, a learning rate, a loss: one or a few numbers between the application and the program (own
    /// static variables).
    case control
    /// Never changes: flash.
    case constant
    /// The trainable state: SRAM, with its initial value (`data`; zeros without) in flash.
    case parameter
    /// Everything computed and thrown away in one step: arena.
    case activation
  }

  /// Unique in its graph.
  public var name: String
  public var element: ElementType
  /// Activations are `[N, C, H, W]`, convolution weights `[O, I / groups, KH, KW]`, dense weights `[O, I]`.
  public var shape: [Int]
  public var quantization: Quantization?
  public var role: Role
  /// Little-endian content, densely packed: of a constant, or a parameter's initial value.
  public var data: [UInt8]?

  public init(
    _ name: String, _ element: ElementType, _ shape: [Int], quantization: Quantization? = nil,
    role: Role = .activation, data: [UInt8]? = nil
  ) {
    self.name = name
    self.element = element
    self.shape = shape
    self.quantization = quantization
    self.role = role
    self.data = data
  }

  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }
  /// The bytes that the tensor takes, densely packed.
  public var byteCount: Int { element.byteCount(of: count) }
}
