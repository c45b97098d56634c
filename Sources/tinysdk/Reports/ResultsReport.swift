import ImageBuild

extension Results {
  /// The figures as a Markdown page. It says nothing of when they were measured, so that equal figures make
  /// equal pages.
  package var markdown: String {
    let head = [
      "# Results", "",
      "Made by `make benchmarks`; do not edit. Commit \(commit ?? "unknown"), \(compiler), \(emulator).", "",
      "Instructions counted in the emulator, the same on every run. A ratio is ours divided by the peer's: below 1 is "
        + "less work. [benchmarks.yml](benchmarks.yml) says where the peers' figures come from.", "",
    ]
    return (head + networks.flatMap(lines) + kernels.flatMap(lines)).joined(separator: "\n")
  }

  private func lines(_ network: Network) -> [String] {
    let headings = [
      "board", "kernels", "rounding", "gradients", "kernels save", "inference", "training step",
      "SRAM with stack", "flash",
      "step, ratio",
    ]
    let builds = network.builds.map { build in
      let peer = network.peers.filter { $0.core == build.core }.map(\.step).min()
      return [
        build.measured.board, build.backends.joined(separator: ", "), build.rounding, build.gradients,
        build.measured.kernelsSave, grouped(build.measured.inferenceInstructions),
        grouped(build.measured.trainingStepInstructions),
        "\(grouped(build.measured.sramBytes)) B", "\(grouped(build.measured.flashBytes)) B",
        peer.map { number(Double(build.measured.trainingStepInstructions) / Double($0), 2) } ?? "",
      ]
    }
    let peers = network.peers.map { peer in
      [
        peer.core, peer.name, "", peer.gradients, "", peer.inference.map(grouped) ?? "", grouped(peer.step),
        peer.sram.map { "\(grouped($0)) B" } ?? "", peer.flash.map { "\(grouped($0)) B" } ?? "", "",
      ]
    }
    return ["## \(network.name)", ""] + markdownTable(headings, builds + peers, right: 5) + [""]
  }

  private func lines(_ kernels: KernelBenchmark) -> [String] {
    ["## Kernels on \(kernels.board), chosen to save \(kernels.optimize.rawValue)", ""]
      + markdownTable(KernelBenchmark.headings, kernels.cells, right: 4)
      + [""]
      + (kernels.loops.map { loops in
        ["Innermost loops that multiply, one iteration, by llvm-mca's model of \(kernels.core):", ""]
          + markdownTable(LoopCycles.headings, loops.map(\.cells), right: 2) + [""]
      } ?? [])
  }
}

extension Benchmark {
  /// What the kernels were chosen for, and what they were not.
  fileprivate var kernelsSave: String {
    optimize.rawValue + (frugalKernels.map { " (those for \($0.asked.rawValue) do not fit)" } ?? "")
  }
}

/// A table in Markdown; columns from `right` on stand right, and columns without content are left out.
private func markdownTable(_ headings: [String], _ rows: [[String]], right: Int) -> [String] {
  let kept = headings.indices.filter { column in rows.contains { !$0[column].isEmpty } }
  func line(_ cells: [String]) -> String { "| " + kept.map { cells[$0] }.joined(separator: " | ") + " |" }
  let rule = "|" + kept.map { $0 < right ? "---|" : "---:|" }.joined()
  return [line(headings), rule] + rows.map(line)
}
