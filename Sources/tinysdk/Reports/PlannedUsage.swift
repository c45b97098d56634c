import Boards
import Compiler
import ImageBuild

/// One bar for each region: `DTCM  [=====     ]  52.1 % (33,321 of 65,536 bytes)`.
package func usageBars(_ regions: [SizeReport.Region]) -> [String] {
  let width = regions.map(\.name.count).max() ?? 0
  return regions.map { $0.bar(nameWidth: width) }
}

/// What a plan takes of each region, before the size of the code is known: parts lie one after the other in
/// their regions, the stack first.
package func plannedUsage(_ plan: Plan, on board: Board) -> [SizeReport.Region] {
  var usage = board.regions.map { SizeReport.Region(name: $0.name, used: 0, length: $0.length) }
  func add(_ bytes: Int, to names: [String]) {
    var rest = bytes
    for name in names {
      guard let index = usage.firstIndex(where: { $0.name == name }) else { continue }
      let isLast = name == names.last
      let taken = isLast ? rest : min(rest, usage[index].length - usage[index].used)
      usage[index].used += taken
      rest -= taken
    }
  }
  if let constants = board.boot?.constants { add(plan.constantBytes, to: [constants]) }
  if let placement = plan.placement {
    add(plan.stackBytes, to: placement.stack.regions)
    add(plan.arena.bytes, to: placement.arena.regions)
    add(plan.alignedStateBytes, to: placement.state.regions)
    add(plan.variableBytes, to: placement.data.regions)
    if let copy = placement.copy { add(plan.guardCopyBytes, to: copy.regions) }
    if let replay = placement.replay { add(plan.replayBytes, to: replay.regions) }
  }
  return usage
}
