/// The members that no other member beats in every figure at once: at least as good in all, better in one.
///
/// - Parameters:
///   - gains: figures of which more is better.
///   - costs: figures of which less is better.
public func paretoFront<Member>(
  _ members: [Member], gains: (Member) -> [Double], costs: (Member) -> [Double]
) -> [Member] {
  let figures = members.map { gains($0) + costs($0).map(-) }
  return members.indices.filter { own in
    !members.indices.contains { other in
      zip(figures[other], figures[own]).allSatisfy(>=) && figures[other] != figures[own]
    }
  }.map { members[$0] }
}
