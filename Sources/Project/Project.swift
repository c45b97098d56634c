import Boards
import Compiler
import Operators

/// What `tinysdk.yml` says: which model is trained, how, on what data, for which board. Paths are as
/// written, relative to the project's folder.
public struct Project: Equatable, Codable, Sendable {
  /// The file's name inside a project.
  public static let fileName = "tinysdk.yml"
  /// The newest `schema:` that this version reads.
  public static let schema = 1

  /// What the network tells apart.
  public enum Classes: Equatable, Codable, Sendable {
    case names([String])
    case count(Int)

    public var count: Int {
      switch self {
      case .names(let names): names.count
      case .count(let count): count
      }
    }

    /// The names in the model's order; `nil` where only their number is known.
    public var names: [String]? {
      if case .names(let names) = self { names } else { nil }
    }
  }

  /// The network's last layer.
  public enum Head: String, Codable, Sendable, CaseIterable {
    /// A fresh float32 dense layer for the project's classes.
    case new
    /// The model's own classifier.
    case keep
  }

  public var name: String
  public var model: String
  /// `nil` where the model's own classifier is kept.
  public var classes: Classes?
  public var head: Head
  public var board: String
  public var toolchain: String
  public var update: UpdateSetting
  public var residual: Residual
  /// How gradients are kept.
  public var gradients: GradientType
  /// How gradients of int8 weights come to the scale of their weights.
  public var scaling: QuantizationAwareScaling
  /// `nil` keeps what the model says.
  public var rounding: Rounding?
  public var loss: Loss
  /// What the choice of kernels saves.
  public var optimize: KernelGoal?
  public var keepInput: Bool
  /// `nil` takes the board's.
  public var stackBytes: Int?
  public var optimizer: OptimizerSettings
  /// `nil` leaves evaluation to the host.
  public var evaluation: EvaluationOptions?
  /// `nil` learns whatever comes of it.
  public var learningGuard: GuardOptions?
  /// `nil` learns from each sample once.
  public var replay: ReplayOptions?
  public var data: DataSettings?
  public var preprocessing: PreprocessingSettings
  /// Folders of plugins.
  public var plugins: [String]

  public init(
    name: String, model: String, classes: Classes? = nil, head: Head = .new, board: String,
    toolchain: String = "clang", update: UpdateSetting = .named("head"), residual: Residual = .fourBits,
    gradients: GradientType = .float32, scaling: QuantizationAwareScaling = .exact,
    rounding: Rounding? = nil, loss: Loss = .softmaxCrossEntropy,
    optimize: KernelGoal? = nil, keepInput: Bool = false,
    stackBytes: Int? = nil, optimizer: OptimizerSettings = .init(), evaluation: EvaluationOptions? = nil,
    learningGuard: GuardOptions? = nil, replay: ReplayOptions? = nil, data: DataSettings? = nil,
    preprocessing: PreprocessingSettings = .init(), plugins: [String] = []
  ) {
    self.name = name
    self.model = model
    self.classes = classes
    self.head = head
    self.board = board
    self.toolchain = toolchain
    self.update = update
    self.residual = residual
    self.gradients = gradients
    self.scaling = scaling
    self.rounding = rounding
    self.loss = loss
    self.optimize = optimize
    self.keepInput = keepInput
    self.stackBytes = stackBytes
    self.optimizer = optimizer
    self.evaluation = evaluation
    self.learningGuard = learningGuard
    self.replay = replay
    self.data = data
    self.preprocessing = preprocessing
    self.plugins = plugins
  }
}
