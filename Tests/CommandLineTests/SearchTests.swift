import Compiler
import Foundation
import Importers
import Testing
import tinysdk

/// Analysis, search and freezing on a part of the digits, on the host alone.
struct SearchTests {
  private let quick = [
    "--board", "host", "--samples", "60", "--epochs", "1", "--depth", "2", "--quiet", "--json",
  ]

  private func run(
    _ command: String, _ project: String, _ more: [String] = [], _ environment: [String: String] = [:]
  )
    throws -> (result: ToolResult, json: [String: Any])
  {
    let result = try runTool([command, "--project", project] + quick + more, environment: environment)
    try #require(result.status == 0, Comment(rawValue: result.errors))
    return (result, try result.json())
  }

  @Test func theChosenSchemeIsWrittenIntoTheProject() throws {
    try withDigitsProject { project in
      let settings = ["--sram", "100KiB", "--population", "6", "--generations", "2", "--verify", "2"]
      let more = settings + ["--verify-epochs", "1"]
      let before = try String(contentsOfFile: project + "/tinysdk.yml", encoding: .utf8)
      let dry = try run("search", project, more + ["--dry-run"])
      #expect(try String(contentsOfFile: project + "/tinysdk.yml", encoding: .utf8) == before)
      #expect(dry.json["written"] == nil)
      let json = try run("search", project, more).json
      let after = try String(contentsOfFile: project + "/tinysdk.yml", encoding: .utf8)
      #expect(after != before && after.contains("\nresidual: 8"))
      let rows = try #require(json["rows"] as? [[String: Any]])
      let names = rows.compactMap { $0["name"] as? String }
      #expect(names.contains("searched-1") && names.contains("random") && names.contains("head"))
      let chosen = try #require(rows.first { $0["name"] as? String == json["chosen"] as? String })
      #expect(chosen["is_within_budget"] as? Bool == true)
      #expect(try #require(chosen["sram_bytes"] as? Int) <= 100 * 1024)
      #expect(chosen["held_out_accuracy"] is Double)
      let best = rows.filter { $0["is_within_budget"] as? Bool == true }.compactMap {
        $0["accuracy"] as? Double
      }
      #expect(try #require(chosen["accuracy"] as? Double) >= (best.max() ?? 0) - 0.04, "of 60 samples")
      #expect(FileManager.default.fileExists(atPath: project + "/build/search/pareto.svg"))
      // The project still plans, with the scheme that was written.
      let plan = try runTool("plan", "--project", project, "--json").json()
      #expect(plan["update"] as? String == "custom")
    }
  }

  /// Half a standard error of 90 % is 0.15 points of 10,000 samples, and 1.5 points of 100.
  @Test func theSmallestIsChosenOfWhatCannotBeTold() {
    func row(_ name: String, _ accuracy: Double, _ bytes: Int, _ fits: Bool = true) -> SearchReport.Row {
      .init(name: name, scheme: .headOnly, sramBytes: bytes, accuracy: accuracy, isWithinBudget: fits)
    }
    let rows = [
      row("best", 0.9, 900), row("near", 0.899, 800), row("nearer", 0.8995, 800), row("far", 0.89, 500),
      row("too large", 0.95, 2000, false),
    ]
    #expect(choice(of: rows, samples: 10_000)?.name == "nearer")
    #expect(choice(of: rows, samples: 100)?.name == "far")
    #expect(choice(of: rows, samples: 10_000_000)?.name == "best")
    #expect(choice(of: [row("too large", 0.9, 2000, false)], samples: 100) == nil)
  }

  @Test func aBudgetBelowTheHeadIsOneClearError() throws {
    try withDigitsProject { project in
      let result = try runTool(
        "search", "--project", project, "--board", "host", "--samples", "20", "--depth", "1", "--sram", "1000"
      )
      #expect(result.status == 1)
      #expect(result.errors.contains("no scheme fits 1,000 bytes of SRAM: the head alone takes "))
      let nonsense = try runTool("search", "--project", project, "--sram", "many")
      #expect(nonsense.status == 2 && nonsense.errors.contains("--sram: 'many' is not a size such as"))
    }
  }

  @Test func freezingReportsItsCurve() throws {
    try withDigitsProject { project in
      let json = try run("freeze", project, ["--max-drop", "100", "--dry-run"]).json
      let rows = try #require(json["rows"] as? [[String: Any]])
      #expect(rows.count == 5, "the start and the four tensors of two layers")
      let extra = rows.compactMap { $0["extra_bytes"] as? Int }
      #expect(extra.last == 0 && extra[0] > 0)
      let table = try String(contentsOfFile: project + "/build/search/freeze.csv", encoding: .utf8)
      #expect(table.split(separator: "\n").count == 6)
      #expect(rows[0]["verified_accuracy"] is Double && rows[4]["verified_accuracy"] is Double)
      #expect(json["verification_epochs"] as? Int == 5)
      let short = try run("freeze", project, ["--max-drop", "100", "--verify-epochs", "0", "--dry-run"]).json
      let shortRows = try #require(short["rows"] as? [[String: Any]])
      #expect(shortRows.allSatisfy { $0["verified_accuracy"] == nil } && short["chosen"] as? Int == 4)
    }
  }

  /// Takes the biases of all layers but the head out of a project's model.
  private func removeBiases(_ project: String) throws {
    let path = URL(filePath: project + "/Model/digits.onnx")
    var model = try decodeONNX(Array(Data(contentsOf: path)))
    for position in model.graph.node.indices where model.graph.node[position].input.count == 3 {
      if ["Conv", "Gemm"].contains(model.graph.node[position].opType) {
        model.graph.node[position].input.removeLast()
      }
    }
    try Data(encodeONNX(model)).write(to: path)
  }

  @Test func aNetworkWithoutBiasesIsSearchedAndFrozen() throws {
    try withDigitsProject { project in
      try removeBiases(project)
      let rows = try run("freeze", project, ["--max-drop", "100", "--dry-run"]).json["rows"]
      let frozen = try #require(rows as? [[String: Any]]).compactMap { $0["frozen"] as? String }
      #expect(frozen.count == 3 && frozen.dropFirst().allSatisfy { $0.hasPrefix("weights of ") })
      let settings = ["--sram", "100KiB", "--population", "6", "--generations", "2", "--verify", "2"]
      _ = try run("search", project, settings + ["--verify-epochs", "1"])
      let plan = try runTool("plan", "--project", project, "--json")
      #expect(plan.status == 0, Comment(rawValue: plan.errors))
      for update in ["full", "last-2", "bias-2"] {
        let named = try runTool("plan", "--project", project, "--update", update)
        #expect(named.status == 0, Comment(rawValue: named.errors))
      }
    }
  }

  @Test(
    .enabled(
      if: LoopbackSlurm.missing.isEmpty,
      "skipped: not installed: \(LoopbackSlurm.missing.joined(separator: ", ")) (Debian's slurm-wlm and munge)"
    ),
    .timeLimit(.minutes(10)))
  func anArrayJobFindsTheSame() throws {
    try withDigitsProject { here in
      let local = try run("analyze", here).json
      try withDigitsProject { there in
        try withTemporaryFolder { folder in
          let slurm = try LoopbackSlurm(folder: folder)
          defer { slurm.stop() }
          let more = ["--slurm", "--slurm-tasks", "2"]
          let remote = try run("analyze", there, more, slurm.environment).json
          #expect(
            NSDictionary(dictionary: try #require(remote["contribution"] as? [String: Any]))
              == NSDictionary(dictionary: try #require(local["contribution"] as? [String: Any])))
          let left = try FileManager.default.contentsOfDirectory(atPath: there + "/build/search/slurm")
          #expect(left.isEmpty, "the job's folder goes when all has arrived")
          // All is in the store: nothing is submitted, so no cluster is needed.
          #expect(try run("analyze", there, more, ["SLURM_CONF": "/nowhere"]).json["contribution"] != nil)
        }
      }
    }
  }

  @Test func withoutSlurmTheErrorNamesThePackage() throws {
    try withDigitsProject { project in
      let result = try runTool(
        "analyze", "--project", project, "--board", "host", "--samples", "20", "--depth", "1", "--slurm",
        environment: ["PATH": pathWithoutSlurm()])
      #expect(result.status == 4)
      #expect(
        result.errors.contains("'sbatch' is not in PATH; it comes with the Debian package slurm-client"))
    }
  }

  /// The folder of the C compiler alone.
  private func pathWithoutSlurm() throws -> String {
    let paths = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    return paths.filter { !FileManager.default.fileExists(atPath: $0 + "/sbatch") }.joined(separator: ":")
  }
}
