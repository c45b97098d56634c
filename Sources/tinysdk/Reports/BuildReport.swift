import Compiler
import ImageBuild

/// What a build made: the plan's figures, and what the image really takes.
package struct BuildReport: Equatable, Codable, Sendable {
  package var plan: PlanReport
  /// The ELF file, or for the host the shared object.
  package var image: String
  /// As measured from the image; empty for the host.
  package var regions: [SizeReport.Region]
  package var jobsRun: Int
  package var jobsUpToDate: Int
  /// All static RAM; `nil` for the host.
  package var sramBytes: Int?
  /// Everything that is programmed; `nil` for the host.
  package var flashBytes: Int?
  /// The most stack that any path through the image takes; `nil` for the host.
  package var stackBound: Int?
  /// Functions that make the bound uncertain: recursive, or with a frame of unknown size.
  package var unboundedFunctions: [String]

  package init(_ built: BuiltProject, project: String) {
    plan = PlanReport(built.planned, project: project)
    image = built.image.path
    regions = built.image.sizes?.regions ?? []
    jobsRun = built.image.work.ran
    jobsUpToDate = built.image.work.skipped
    sramBytes = built.image.sizes?.sramBytes
    flashBytes = built.image.sizes?.flashBytes
    stackBound = built.image.stack?.bytes
    unboundedFunctions = (built.image.stack?.recursive ?? []) + (built.image.stack?.unbounded ?? [])
  }

  package var text: String {
    let work = jobsRun == 0 ? "up to date" : "\(jobsRun) jobs run, \(jobsUpToDate) up to date"
    let usage = ["\(image): \(work)"] + usageBars(regions)
    let training = ["Training: " + trainingLine] + plan.kernelLine
    return (usage + training + stackWarning).joined(separator: "\n")
  }

  private var trainingLine: String {
    let stack = stackBound.map { "stack at most \(grouped($0)) of \(grouped(plan.stackBytes)) B" }
    let flash = flashBytes.map { "flash \(grouped($0)) B" }
    let parts: [String?] = [
      "arena \(grouped(plan.arenaBytes)) B (peak at \(plan.peakOperator))",
      "kept activations \(grouped(plan.keptActivationBytes)) B",
      "trainable \(grouped(plan.stateBytes)) B in \(plan.stateTensors) tensors", stack, flash,
    ]
    return parts.compactMap { $0 }.joined(separator: ", ")
  }

  private var stackWarning: [String] {
    var lines: [String] = []
    if let stackBound, stackBound > plan.stackBytes {
      lines.append(
        "warning: the stack may need \(grouped(stackBound)) bytes; write 'stack_bytes: \(rounded(stackBound))' in "
          + "tinysdk.yml")
    }
    if !unboundedFunctions.isEmpty {
      lines.append("warning: no stack bound is known for \(unboundedFunctions.joined(separator: ", "))")
    }
    return lines
  }

  private func rounded(_ bytes: Int) -> Int { (bytes + 255) / 256 * 256 }
}
