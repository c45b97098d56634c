import Boards
import Compiler
import Foundation
import Project
import Testing

private let smallest = """
  schema: 1
  name: digits
  model: Model/digits.onnx
  classes: 10
  board: qemu-cortex-m7

  """

private func problems(_ yaml: String) -> [String] {
  do {
    _ = try Project(yaml: yaml)
    return []
  } catch {
    return error.problems.map(\.description)
  }
}

struct ProjectDecodingTests {
  @Test func leftOutKeysHaveDefaults() throws {
    let project = try Project(yaml: smallest)
    #expect(
      project
        == Project(name: "digits", model: "Model/digits.onnx", classes: .count(10), board: "qemu-cortex-m7"))
    #expect(project.optimizer.learningRate == 0.2 / 256)
  }

  @Test func everyKeyIsRead() throws {
    let project = try Project(
      yaml: """
        schema: 1
        name: flowers
        model: net.onnx
        classes: [rose, tulip]
        head: keep
        board: host
        toolchain: arm-none-eabi-gcc
        update:
          biases: [40, last.conv]
          weights: {30: 0.5, head.conv: [0, 3]}
        residual: 0
        rounding: single
        loss: mean-squared-error
        keep_input: true
        stack_bytes: 2 KiB
        qas: shift
        optimizer:
          {rate: 0.01, batch: 1, epochs: 3, seed: 7, schedule: cosine, warm_up: 20, steps: 900, momentum: 0.9,
           clip: {norm: 2}, accumulate: 4, rates: {0: 0.5, last.conv: 2}}
        evaluation: {window: 20}
        guard: {window: 30, measure: wrong, worse: 0.25, better: 0.125}
        replay: {samples: 100, ratio: 2, memory: flash}
        data: {path: photos, label_column: kind, held_out: {last: 297}}
        preprocessing: {resize: 146, crop: 128x96, channels: bgr, layout: channels-last, mean: [1, 2, 3],
          deviation: 16, scale: 0.5, zero_point: -128}
        plugins: [../plugin]
        """)
    let expected = Project(
      name: "flowers", model: "net.onnx", classes: .names(["rose", "tulip"]), head: .keep, board: "host",
      toolchain: "arm-none-eabi-gcc",
      update: .layers(
        .init(
          biases: .layers(["40", "last.conv"]),
          weights: ["30": .fraction(0.5), "head.conv": .list([0, 3])])),
      residual: .none, scaling: .shift, rounding: .single, loss: .meanSquaredError, keepInput: true,
      stackBytes: 2048,
      optimizer: .init(
        rate: .perStep(0.01), epochs: 3, seed: 7, schedule: .init(.cosine, warmUp: 20, steps: 900),
        momentum: 0.9, clip: .norm(2), accumulate: 4, rates: ["0": 0.5, "last.conv": 2]),
      evaluation: .init(window: 20),
      learningGuard: .init(measure: .wrong, window: 30, worse: 0.25, better: 0.125),
      replay: .init(samples: 100, ratio: 2, memory: .flash),
      data: .init(path: "photos", heldOut: .last(297), labelColumn: "kind"),
      preprocessing: .init(
        resize: 146, crop: .init(width: 128, height: 96), channels: .bgr, layout: .channelsLast,
        mean: [1, 2, 3], deviation: [16], scale: 0.5, zeroPoint: -128),
      plugins: ["../plugin"])
    #expect(project == expected)
    #expect(try Project(yaml: expected.text) == expected)
  }

  @Test func unknownKeysAreRefusedWithTheNearestKnownOne() {
    #expect(
      problems(smallest + "lerning_rate: 1\nupdat: full\noptimizer: {lr265: 0.1}\n") == [
        "tinysdk.yml:6: unknown key 'lerning_rate'; known keys: schema, name, model, classes, head, board, toolchain, "
          + "update, residual, gradients, qas, rounding, loss, optimize, keep_input, stack_bytes, optimizer, "
          + "evaluation, guard, replay, data, preprocessing, plugins",
        "tinysdk.yml:7: unknown key 'updat'; did you mean 'update'?",
        "tinysdk.yml:8: unknown key 'lr265'; did you mean 'lr256'?",
      ])
  }

  @Test func allProblemsAreToldInOnePass() {
    #expect(
      problems(
        """
        schema: 1
        name: ""
        classes: [a, a]
        board: host
        residual: 5
        optimizer: {rate: -1, lr256: 0.2, epochs: 0}
        data: {held_out: {fraction: 1.5}}
        preprocessing: {crop: 12y, pixel_minus: 128, zero_point: 3, deviation: 0}
        """) == [
          "tinysdk.yml:1: 'model' is missing",
          "tinysdk.yml:2: 'name' is empty",
          "tinysdk.yml:3: 'classes' names 'a' twice",
          "tinysdk.yml:5: 'residual': '5' is not one of 8, 4, 0, stochastic",
          "tinysdk.yml:6: 'lr256' stands beside 'rate'; give one of them",
          "tinysdk.yml:6: 'rate': '-1' is not a learning rate above 0",
          "tinysdk.yml:6: 'epochs': 0 is not 1 or more",
          "tinysdk.yml:7: 'path' is missing",
          "tinysdk.yml:7: 'fraction': '1.5' is not between 0 and 1",
          "tinysdk.yml:8: 'crop': '12y' is not a size in pixels such as 128x128",
          "tinysdk.yml:8: 'deviation' stands beside 'pixel_minus'; give one of them",
          "tinysdk.yml:8: 'zero_point' stands beside 'pixel_minus'; give one of them",
          "tinysdk.yml:8: 'deviation': '0' is not a number above 0",
        ])
  }

  @Test func aNewHeadNeedsClasses() throws {
    let yaml = smallest.replacingOccurrences(of: "classes: 10\n", with: "")
    #expect(
      problems(yaml) == [
        "tinysdk.yml:1: 'classes' is missing: a new head needs their names or their number (or write 'head: keep')"
      ])
    #expect(try Project(yaml: yaml + "head: keep\n").classes == nil)
  }

  @Test func aFolderWithoutAProjectIsAClearError() {
    #expect(throws: MissingProject(folder: "/nowhere")) { try Project(folder: "/nowhere") }
  }

  @Test(arguments: [
    "two words", " padded ", "yes: no", "#tag", "-", "", "quote\"d", "back\\slash", "line\nbreak", "ünï",
    "0x10",
  ])
  func namesOfAnyKindSurviveTheFile(name: String) throws {
    let project = Project(
      name: "x", model: "a b.onnx", classes: .names([name.isEmpty ? "e" : name, "other"]), board: "b")
    #expect(try Project(yaml: project.text) == project)
  }

  @Test func theExamplesProjectIsWrittenAsItStands() throws {
    let file = try exampleFolder("digits") + "/tinysdk.yml"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    #expect(try Project(yaml: text, file: file).text == text)
  }
}

/// The example of that name in the package above the test bundle.
private func exampleFolder(_ name: String) throws -> String {
  var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
  while folder.path != "/" {
    folder.deleteLastPathComponent()
    let example = folder.appending(path: "Examples/\(name)").path
    if FileManager.default.fileExists(atPath: example) { return example }
  }
  throw CocoaError(.fileNoSuchFile)
}
