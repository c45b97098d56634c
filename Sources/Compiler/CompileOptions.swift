import Boards
import Operators

/// What to compile a model into.
public struct CompileOptions: Sendable, Equatable, Codable {
  /// How the update scheme is given.
  public enum Update: Sendable, Equatable, Codable {
    /// A published name, `head`, `full`, `bias-K` or `last-K`.
    case named(String)
    case scheme(UpdateScheme)
  }

  /// What the program does beyond the forward pass.
  public enum Purpose: Sendable, Equatable, Codable {
    /// One training step: gradients flow into updates.
    case training
    /// The gradients themselves, of the scheme's parameters, as outputs; nothing is updated.
    case gradients(GradientSeed)
    /// The forward pass alone.
    case inference
  }

  /// The number of classes of a fresh float32 head; `nil` keeps the model's own classifier.
  public var classes: Int?
  public var update: Update
  public var residual: Residual
  /// How gradients are kept.
  public var gradients: GradientType
  public var optimizer: Optimizer
  /// Overrides the rounding of every operator; `nil` keeps what each node says (`tflite` where it says
  /// nothing).
  public var rounding: Rounding?
  public var loss: Loss
  /// The sample stays intact through the step.
  public var keepInput: Bool
  public var purpose: Purpose
  /// Bytes of stack to plan for; `nil` takes the board's.
  public var stackBytes: Int?
  /// Calls the profiler before each operator.
  public var profile: Bool
  /// What the choice of kernels saves.
  public var optimize: KernelGoal
  /// Counts evaluated samples and looks back over the last steps; `nil` does not.
  public var evaluation: EvaluationOptions?
  /// Brings the last good state back when learning makes things worse; `nil` does not.
  public var learningGuard: GuardOptions?
  /// Keeps samples behind the frozen layers to learn from again; `nil` does not.
  public var replay: ReplayOptions?

  public init(
    classes: Int? = nil, update: Update = .named("head"), residual: Residual = .eightBits,
    gradients: GradientType = .float32, optimizer: Optimizer = .init(),
    rounding: Rounding? = nil, loss: Loss = .softmaxCrossEntropy, keepInput: Bool = false,
    purpose: Purpose = .training, stackBytes: Int? = nil, profile: Bool = false,
    optimize: KernelGoal = .instructions, evaluation: EvaluationOptions? = nil,
    learningGuard: GuardOptions? = nil, replay: ReplayOptions? = nil
  ) {
    self.classes = classes
    self.update = update
    self.residual = residual
    self.gradients = gradients
    self.optimizer = optimizer
    self.rounding = rounding
    self.loss = loss
    self.keepInput = keepInput
    self.purpose = purpose
    self.stackBytes = stackBytes
    self.profile = profile
    self.optimize = optimize
    self.evaluation = evaluation
    self.learningGuard = learningGuard
    self.replay = replay
  }
}

extension KeyedDecodingContainer {
  /// A state saved before there was a choice was trained without any of it.
  func decode(_ type: Optimizer.Type, forKey key: Key) throws -> Optimizer {
    try decodeIfPresent(type, forKey: key) ?? Optimizer()
  }
}
