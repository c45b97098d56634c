import Foundation
import ImageBuild
import Testing

/// A job that concatenates files, by way of a shell that is given its paths as parameters.
private func concatenate(_ inputs: [String], to output: String, script: String = "cat \"$@\" > \"$out\"")
  -> Job
{
  Job(
    kind: .compile, tool: Tool(program: "sh", install: "a shell"),
    arguments: [.flag("-c"), .flag("out=\"$1\"; shift; \(script)"), .flag("sh"), .path(output)]
      + inputs.map(Job.Argument.path),
    inputs: inputs, outputs: [output])
}

private func text(_ path: String) -> String? {
  FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
}

@Suite(.timeLimit(.minutes(2))) struct ExecutorTests {
  @Test func runsInOrderAndThenOnlyWhatChanged() async throws {
    try await withTemporaryFolder { folder in
      try write("a", to: "\(folder)/a")
      try write("b", to: "\(folder)/b")
      let executor = Executor(directory: "\(folder)/out", parallelism: 2)
      func jobs(_ generated: String) -> [Job] {
        [
          concatenate(["\(folder)/out/x", "\(folder)/out/y"], to: "\(folder)/out/z"),
          concatenate(["\(folder)/a", "\(folder)/out/w"], to: "\(folder)/out/x"),
          concatenate(["\(folder)/b"], to: "\(folder)/out/y"),
          Job(kind: .write, outputs: ["\(folder)/out/w"], text: generated),
        ]
      }
      #expect(try await executor.run(jobs("w")) == Executor.Summary(ran: 4, skipped: 0))
      #expect(text("\(folder)/out/z") == "awb")
      #expect(try await executor.run(jobs("w")) == Executor.Summary(ran: 0, skipped: 4))

      try write("c", to: "\(folder)/b")
      #expect(try await executor.run(jobs("w")) == Executor.Summary(ran: 2, skipped: 2))
      #expect(text("\(folder)/out/z") == "awc")

      #expect(try await executor.run(jobs("v")) == Executor.Summary(ran: 3, skipped: 1))
      #expect(text("\(folder)/out/z") == "avc")

      try FileManager.default.removeItem(atPath: "\(folder)/out/y")
      #expect(try await executor.run(jobs("v")) == Executor.Summary(ran: 1, skipped: 3))
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: "\(folder)/out").sorted() == [
          "build-state.json", "w", "x", "y", "z",
        ])
    }
  }

  @Test func headersCountAsInputs() async throws {
    try await withTemporaryFolder { folder in
      try write("x", to: "\(folder)/header")
      try write("y", to: "\(folder)/source")
      var job = concatenate(["\(folder)/source"], to: "\(folder)/out/object")
      let rule = "\(folder)/out/rule"
      job.outputs.append(rule)
      job.dependencies = rule
      job.arguments[1] = .flag("out=\"$1\"; cat \"$2\" > \"$out\"; echo \"object: $3\" > \"$4\"")
      job.arguments += [.path("\(folder)/header"), .path(rule)]
      let executor = Executor(directory: "\(folder)/out")
      #expect(try await executor.run([job]).ran == 1)
      #expect(try await executor.run([job]).ran == 0)
      try write("z", to: "\(folder)/header")
      #expect(try await executor.run([job]).ran == 1)
    }
  }

  @Test func changedCommandLineRunsAgain() async throws {
    try await withTemporaryFolder { folder in
      try write("a", to: "\(folder)/a")
      let executor = Executor(directory: "\(folder)/out")
      let job = concatenate(["\(folder)/a"], to: "\(folder)/out/x")
      #expect(try await executor.run([job]).ran == 1)
      let other = concatenate(["\(folder)/a"], to: "\(folder)/out/x", script: "cat \"$@\" \"$@\" > \"$out\"")
      #expect(try await executor.run([other]).ran == 1)
      #expect(text("\(folder)/out/x") == "aa")
    }
  }

  @Test func everyFailureIsReportedWithTheToolsOwnText() async throws {
    try await withTemporaryFolder { folder in
      try write("a", to: "\(folder)/a")
      let first = concatenate(
        ["\(folder)/a"], to: "\(folder)/out/x", script: "echo bad x; echo half > \"$out\"; exit 3")
      let second = concatenate(["\(folder)/a"], to: "\(folder)/out/y", script: "echo bad y >&2; exit 4")
      let good = concatenate(["\(folder)/a"], to: "\(folder)/out/good")
      let last = concatenate(["\(folder)/out/x", "\(folder)/out/y"], to: "\(folder)/out/z")
      let executor = Executor(directory: "\(folder)/out", parallelism: 1)
      let error = await #expect(throws: BuildError.self) {
        try await executor.run([first, second, good, last])
      }
      #expect(
        error?.description.replacing(folder, with: "ROOT") == """
          cannot compile ROOT/a: sh ended with exit status 3
          bad x

          cannot compile ROOT/a: sh ended with exit status 4
          bad y

          """)
      #expect(text("\(folder)/out/x") == nil)
      #expect(text("\(folder)/out/good") == "a")
    }
  }

  @Test func missingToolAndMissingFileAreNamed() async throws {
    try await withTemporaryFolder { folder in
      try write("a", to: "\(folder)/a")
      let executor = Executor(directory: "\(folder)/out")
      var job = concatenate(["\(folder)/a"], to: "\(folder)/out/x")
      job.tool = Tool(program: "no-such-compiler", install: "the Debian package nothing")
      let missing = await #expect(throws: MissingTool.self) { try await executor.run([job]) }
      #expect(
        missing?.description == "'no-such-compiler' is not in PATH; it comes with the Debian package nothing")
      job.inputs = ["\(folder)/c", "\(folder)/b"]
      await #expect(throws: MissingInputs(paths: ["\(folder)/b", "\(folder)/c"])) {
        try await executor.run([job])
      }
    }
  }

  @Test func outputThatCannotBeWrittenIsNamed() async throws {
    try await withTemporaryFolder { folder in
      try write("a", to: "\(folder)/file")
      let executor = Executor(directory: "\(folder)/file/out")
      let error = await #expect(throws: OutputError.self) {
        try await executor.run([Job(kind: .write, outputs: ["\(folder)/file/out/x"], text: "x")])
      }
      #expect(error?.description == "cannot write \(folder)/file/out/.staging: Not a directory")
    }
  }

  @Test func cancellingEndsTheToolWithItsChildren() async throws {
    try await withTemporaryFolder { folder in
      try write("a", to: "\(folder)/a")
      let job = concatenate(
        ["\(folder)/a"], to: "\(folder)/out/x",
        script: "echo half > \"$out\"; echo started > \"\(folder)/started\"; sleep 1000 & wait")
      let executor = Executor(directory: "\(folder)/out")
      let run = Task { try await executor.run([job]) }
      while text("\(folder)/started") == nil { try await Task.sleep(for: .milliseconds(10)) }
      run.cancel()
      await #expect(throws: CancellationError.self) { try await run.value }
      #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/out") == ["build-state.json"])
      #expect(try liveProcesses(mentioning: folder) == [])
    }
  }
}
