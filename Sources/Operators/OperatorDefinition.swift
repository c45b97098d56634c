import Graph

/// The type of an operator's result.
public struct TensorType: Sendable, Equatable {
  public var element: ElementType
  public var shape: [Int]

  public init(_ element: ElementType, _ shape: [Int]) {
    self.element = element
    self.shape = shape
  }
}

/// Everything that the compiler knows of one operator: its rules stand side by side in the operator's file.
public struct OperatorDefinition: Sendable {
  public typealias ShapeRule = @Sendable (Node, Graph) throws -> [TensorType]
  public typealias GradientRule = @Sendable (Node, inout Differentiation) throws -> Void
  public typealias Lowering = @Sendable (Node, Graph) throws -> KernelCall
  public typealias Cost = @Sendable (Node, Graph) throws -> Int

  public var name: String
  /// The type of each output position, from the inputs and attributes.
  public var outputTypes: ShapeRule
  /// Input positions whose tensors the node changes (parameters that an update writes).
  public var writtenInputs: [Int]
  /// Appends the nodes that carry a gradient from the outputs to the inputs; `nil` where nothing passes.
  public var gradient: GradientRule?
  /// The kernel call that does the work.
  public var lower: Lowering
  /// Multiply-accumulate operations of one execution.
  public var macs: Cost

  public init(
    _ name: String, outputTypes: @escaping ShapeRule, writtenInputs: [Int] = [],
    gradient: GradientRule? = nil, lower: @escaping Lowering, macs: @escaping Cost = { _, _ in 0 }
  ) {
    self.name = name
    self.outputTypes = outputTypes
    self.writtenInputs = writtenInputs
    self.gradient = gradient
    self.lower = lower
    self.macs = macs
  }
}
