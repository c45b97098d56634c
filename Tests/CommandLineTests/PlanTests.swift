import Foundation
import ImageBuild
import Testing
import tinysdk

struct PlanTests {
  @Test func theReportNamesRegionsPeakAndTrainingMemory() throws {
    try withDigitsProject { project in
      let plan = try runTool("plan", "--project", project)
      #expect(plan.status == 0, Comment(rawValue: plan.errors))
      let lines = plan.output.split(separator: "\n").map(String.init)
      #expect(lines.contains { $0.hasPrefix("DTCM ") && $0.contains("of 65,536 bytes)") })
      let training = try #require(lines.first { $0.hasPrefix("Training: ") })
      for part in ["arena ", "peak at ", "kept activations ", "trainable ", "stack ", "flash "] {
        #expect(training.contains(part))
      }
    }
  }

  @Test func jsonHasItsVersionAndTheReportsFigures() throws {
    try withDigitsProject { project in
      let json = try runTool("plan", "--project", project, "--json").json()
      #expect(json["schema_version"] as? Int == jsonSchemaVersion)
      let keys: Set = [
        "arena_bytes", "arena_lower_bound", "board", "constant_bytes", "gradients", "inference_macs",
        "kept_activation_bytes",
        "gradient_sum_bytes", "operators", "optimize", "optimizer", "peak_operator", "peak_tensors",
        "project", "regions",
        "residual", "schema_version",
        "edge_bytes", "frozen_operators", "guard_copy_bytes", "learning_bytes", "replay_bytes",
        "flash_page_bytes", "replay_regions",
        "stack_bytes", "state_bytes", "state_tensors", "training_macs", "update",
        "velocity_bytes", "whole_gradient_bytes",
      ]
      #expect(Set(json.keys) == keys)
      for key in ["velocity_bytes", "gradient_sum_bytes", "whole_gradient_bytes"] {
        #expect(json[key] as? Int == 0)
      }
    }
  }

  @Test func everyStepsKernelIsExplained() throws {
    try withDigitsProject { project in
      let json = try runTool("plan", "--project", project, "--kernels", "--json").json()
      #expect(json["optimize"] as? String == "cycles")
      let steps = try #require(json["steps"] as? [[String: Any]])
      #expect(steps.count > 10)
      for step in steps {
        let candidates = try #require(step["candidates"] as? [[String: Any]])
        #expect(candidates.filter { $0["verdict"] as? String == "chosen" }.count == 1)
        #expect(candidates.first?["kernel"] as? String == step["kernel"] as? String)
        #expect(candidates.contains { $0["backend"] as? String == "portable" })
      }
      let verdicts = Set(
        steps.flatMap { $0["candidates"] as? [[String: Any]] ?? [] }.compactMap { $0["verdict"] as? String })
      #expect(verdicts.isSuperset(of: ["chosen", "costlier", "unsupported"]))
      let text = try runTool("plan", "--project", project, "--kernels").output
      #expect(text.contains("does not support these arguments"))
    }
  }

  @Test func lessLearningTakesLessMemory() throws {
    try withDigitsProject { project in
      func state(_ arguments: String...) throws -> Int {
        let json = try runTool(["plan", "--project", project, "--json"] + arguments).json()
        return try #require(json["state_bytes"] as? Int)
      }
      let full = try state("--update", "full", "--residual", "8")
      let plain = try state("--update", "full", "--residual", "0")
      let head = try state("--update", "head")
      #expect(full > plain)
      #expect(plain > head)
    }
  }

  @Test func anOptimizerTellsWhatItTakes() throws {
    try withDigitsProject { project in
      let options = ["--momentum", "0.9", "--accumulate", "4", "--clip-norm", "2", "--schedule", "cosine"]
      let run = { (more: [String]) in try runTool(["plan", "--project", project] + more) }
      let plain = try run(["--json"]).json()
      let json = try run(options + ["--json"]).json()
      func bytes(_ key: String) throws -> Int { try #require(json[key] as? Int) }
      let (velocities, sums) = (try bytes("velocity_bytes"), try bytes("gradient_sum_bytes"))
      #expect(velocities > 0 && velocities == sums)
      let counter = 8
      #expect(
        try bytes("state_bytes") == velocities + sums + counter + #require(plain["state_bytes"] as? Int))
      // The norm needs all gradients at once.
      #expect(try bytes("whole_gradient_bytes") >= velocities)
      #expect(
        json["optimizer"] as? String
          == "SGD, momentum 0.9, cosine to step 6000, norm clipped at 2.0, mean of 4 samples")
      let text = try run(options).output
      #expect(text.contains("velocities \(grouped(velocities)) B of the trainable state"))
      let refused = try run(["--momentum", "1"])
      #expect(refused.status != 0 && refused.errors.contains("--momentum: 1.0 is not 0 or more and below 1"))
      let large = try run(["--update", "full", "--momentum", "0.9"])
      #expect(large.status == CommandExit.doesNotFit.rawValue)
      #expect(large.errors.contains("what would fit: --momentum 0, "))
      let step = try run(["--schedule", "step"])
      #expect(step.status == CommandExit.failure.rawValue && step.errors.contains("write 'every: N'"))
    }
  }

  @Test func aPassIsDumpedAsText() throws {
    try withDigitsProject { project in
      let dump = try runTool("plan", "--project", project, "--dump-after", "head")
      #expect(dump.status == 0)
      #expect(dump.output.hasPrefix("graph "))
      #expect(dump.output.contains("dense_f32"))
      #expect(!dump.output.contains("softmax_cross_entropy"))
      let unknown = try runTool("plan", "--project", project, "--dump-after", "hed")
      #expect(unknown.status == CommandExit.failure.rawValue)
      #expect(unknown.errors.contains("choose-updates"))
    }
  }

  @Test func theTimelineIsAWellFormedPicture() throws {
    try withDigitsProject { project in
      let svg = "\(project)/memory.svg"
      #expect(try runTool("plan", "--project", project, "--svg", svg).status == 0)
      let text = try read(svg)
      #expect(text.hasPrefix("<svg "))
      #expect(text.contains("backward and update"))
      #expect(text.components(separatedBy: "<g>").count == text.components(separatedBy: "</g>").count)
      #expect(text.contains("KiB"))
    }
  }

  @Test func kernelsOfLeastMemoryAreNotedWhereTheOthersDoNotFit() throws {
    try withDigitsProject { project in
      func board(_ name: String, bytes: Int) throws {
        try write(
          """
          schema: 1
          inherits: stm32f746ng
          title: As much memory as asked for
          regions:
            - {name: dtcm, kind: dtcm, origin: 0x20000000, length: \(bytes)}
          boot: {vectors: flash, code: flash, constants: flash, ram: [dtcm]}
          stack: 1024
          run: {probe: [{name: openocd, command: "openocd {image}"}]}
          """, to: "\(project)/Boards/\(name)/board.yml")
      }
      func plan(_ board: String, _ goal: String, _ more: String...) throws -> ToolResult {
        try runTool(["plan", "--project", project, "--board", board, "--optimize", goal] + more)
      }
      try board("tiny", bytes: 4096)
      func needed(_ goal: String) throws -> Int {
        let errors = try plan("tiny", goal).errors
        let found = try #require(errors.firstMatch(of: /has 4,096 bytes, ([0-9,]+) are needed/))
        return try #require(Int(found.1.filter { $0 != "," }))
      }
      let (fast, frugal) = (try needed("instructions"), try needed("memory"))
      try #require(fast > frugal)
      try board("between", bytes: frugal)
      let json = try plan("between", "instructions", "--json").json()
      #expect(json["optimize"] as? String == "memory")
      let why = try #require(json["frugal_kernels"] as? [String: Any])
      #expect(why["asked"] as? String == "instructions" && why["region"] as? String == "dtcm")
      #expect(why["needed_bytes"] as? Int == fast && why["available_bytes"] as? Int == frugal)
      let lines = try plan("between", "instructions").output.split(separator: "\n")
      #expect(
        lines.filter { $0.hasPrefix("Note: ") } == [
          "Note: kernels chosen for memory, because those for instructions do not fit: \(grouped(fast)) bytes of "
            + "dtcm, which has \(grouped(frugal))"
        ])
      // Asked for, they are nothing to note.
      #expect(try plan("between", "memory", "--json").json()["frugal_kernels"] == nil)
      try board("enough", bytes: fast)
      let whole = try plan("enough", "instructions", "--json").json()
      #expect(whole["optimize"] as? String == "instructions" && whole["frugal_kernels"] == nil)
    }
  }

  @Test func whatDoesNotFitIsRefusedWithAWayOut() throws {
    try withDigitsProject { project in
      try write(
        """
        schema: 1
        inherits: stm32f746ng
        title: Hardly any memory
        regions:
          - {name: dtcm, kind: dtcm, origin: 0x20000000, length: 12 KiB}
        boot: {vectors: flash, code: flash, constants: flash, ram: [dtcm]}
        stack: 1024
        run: {probe: [{name: openocd, command: "openocd {image}"}]}
        """, to: "\(project)/Boards/tiny/board.yml")
      let plan = try runTool("plan", "--project", project, "--board", "tiny", "--update", "full")
      #expect(plan.status == CommandExit.doesNotFit.rawValue)
      #expect(plan.errors.contains("dtcm has 12,288 bytes"))
      #expect(plan.errors.contains("too many"))
      #expect(plan.errors.contains("what would fit: --update "))
    }
  }
}
