import Boards
import Compiler
import Operators

/// What a build does differently from its project; `nil` keeps what the project says.
package struct BuildSettings: Equatable, Sendable {
  package var board: String?
  package var toolchain: String?
  /// A scheme's name.
  package var update: String?
  package var residual: Residual?
  package var gradients: GradientType?
  package var rounding: Rounding?
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
    rounding: Rounding? = nil, transport: String? = nil, backends: [String]? = nil,
    optimize: KernelGoal? = nil, profile: Bool = false
  ) {
    self.board = board
    self.toolchain = toolchain
    self.update = update
    self.residual = residual
    self.gradients = gradients
    self.rounding = rounding
    self.transport = transport
    self.backends = backends
    self.optimize = optimize
    self.profile = profile
  }
}
