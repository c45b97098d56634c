import Boards
import Compiler
import Operators
import Project

/// What a build does differently from its project; `nil` keeps what the project says.
package struct BuildSettings: Equatable, Codable, Sendable {
  package var board: String?
  package var toolchain: String?
  /// A scheme's name.
  package var update: String?
  /// A scheme itself, instead of a name.
  package var scheme: UpdateScheme?
  package var residual: Residual?
  package var gradients: GradientType?
  package var rounding: Rounding?
  package var scaling: QuantizationAwareScaling?
  package var schedule: ScheduleSettings.Kind?
  package var warmUp: Int?
  package var momentum: Double?
  package var clipNorm: Double?
  package var accumulate: Int?
  package var epochs: Int?
  /// Where the samples are, instead of the project's.
  package var data: String?
  /// The transport by name.
  package var transport: String?
  /// Kernel backends instead of the core's, the preferred first.
  package var backends: [String]?
  package var optimize: KernelGoal?
  /// Counts the cost of every operator; such an image has a folder of its own.
  package var profile: Bool

  package init(
    board: String? = nil, toolchain: String? = nil, update: String? = nil, residual: Residual? = nil,
    gradients: GradientType? = nil,
    rounding: Rounding? = nil, scaling: QuantizationAwareScaling? = nil,
    schedule: ScheduleSettings.Kind? = nil, warmUp: Int? = nil, momentum: Double? = nil,
    clipNorm: Double? = nil, accumulate: Int? = nil, epochs: Int? = nil, data: String? = nil,
    transport: String? = nil, backends: [String]? = nil,
    optimize: KernelGoal? = nil, profile: Bool = false
  ) {
    self.board = board
    self.toolchain = toolchain
    self.update = update
    self.residual = residual
    self.gradients = gradients
    self.rounding = rounding
    self.scaling = scaling
    self.schedule = schedule
    self.warmUp = warmUp
    self.momentum = momentum
    self.clipNorm = clipNorm
    self.accumulate = accumulate
    self.epochs = epochs
    self.data = data
    self.transport = transport
    self.backends = backends
    self.optimize = optimize
    self.profile = profile
  }
  /// The project's optimizer, with what these settings say differently.
  package func optimizer(_ project: Project) -> OptimizerSettings {
    var optimizer = project.optimizer
    if let schedule { optimizer.schedule.kind = schedule }
    if let warmUp { optimizer.schedule.warmUp = warmUp }
    if let momentum { optimizer.momentum = momentum }
    if let clipNorm { optimizer.clip = .norm(clipNorm) }
    if let accumulate { optimizer.accumulate = accumulate }
    if let epochs { optimizer.epochs = epochs }
    return optimizer
  }
}
