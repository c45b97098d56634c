/// A processor core: what the compilers and the kernel choice need to know about it.
public struct Core: Equatable, Codable, Sendable {
  public var name: String
  /// The LLVM target triple; `host` for the machine that the tool runs on.
  public var target: String
  /// Processor, floating-point unit and calling convention flags, by kind of toolchain (`clang`, `gcc`).
  public var flags: [String: [String]]
  /// Kernel backends that run on it, the preferred first.
  public var backends: [String]
  /// What the choice of kernels saves where the project does not say; `nil` saves instructions.
  public var optimize: KernelGoal?

  public init(
    name: String, target: String, flags: [String: [String]] = [:], backends: [String],
    optimize: KernelGoal? = nil
  ) {
    self.name = name
    self.target = target
    self.flags = flags
    self.backends = backends
    self.optimize = optimize
  }
}
