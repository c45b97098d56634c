import Boards

/// Why a plan has the kernels of least memory where others were asked for: with those it does not fit its
/// board.
public struct FrugalKernels: Sendable, Equatable, Codable, CustomStringConvertible {
  /// What the choice was to save.
  public var asked: KernelGoal
  /// The region, or the regions joined by `+`, and what the plan with the asked kernels takes of them.
  public var region: String
  public var neededBytes: Int
  public var availableBytes: Int

  init(insteadOf asked: KernelGoal, _ error: DoesNotFit) {
    self.asked = asked
    region = error.region
    (neededBytes, availableBytes) = (error.neededBytes, error.availableBytes)
  }

  /// One line.
  public var description: String {
    "kernels chosen for memory, because those for \(asked.rawValue) do not fit: \(neededBytes.formatted) bytes of "
      + "\(region), which has \(availableBytes.formatted)"
      + (neededBytes > availableBytes ? "" : ", but in no pieces that hold every part")
  }
}
