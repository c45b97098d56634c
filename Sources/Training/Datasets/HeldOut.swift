/// Which samples are held out of training where the data does not say so itself. The rules depend only on a
/// sample's place in the list, so the same folder always splits the same way.
public enum HeldOut: Codable, Sendable, Equatable {
  /// Samples k-1, 2k-1, ...
  case everyKth(Int)
  /// This share of the samples, spread evenly.
  case fraction(Double)
  /// That many at the end.
  case last(Int)

  /// - Throws: `DatasetError` for a rule that leaves one side empty.
  package func split(count: Int) throws -> (train: [Int], heldOut: [Int]) {
    try check()
    let heldOut = (0..<count).filter { isHeldOut($0, of: count) }
    let train = (0..<count).filter { !isHeldOut($0, of: count) }
    if train.isEmpty || heldOut.isEmpty {
      throw DatasetError(
        "held-out samples",
        "\(count) samples leave \(train.count) to train on and \(heldOut.count) to test on",
        advice: "Give more samples, or another share to hold out.")
    }
    return (train, heldOut)
  }

  private func isHeldOut(_ index: Int, of count: Int) -> Bool {
    switch self {
    case .everyKth(let step): index % step == step - 1
    case .fraction(let share):
      (Double(index + 1) * share).rounded(.down) > (Double(index) * share).rounded(.down)
    case .last(let number): index >= count - number
    }
  }

  private func check() throws {
    switch self {
    case .everyKth(let step) where step < 2:
      throw DatasetError(
        "held-out samples", "every \(step). sample", advice: "Hold out every 2nd or a later one.")
    case .fraction(let share) where !(share > 0 && share < 1):
      throw DatasetError("held-out samples", "a share of \(share)", advice: "Give a share between 0 and 1.")
    default: return
    }
  }
}
