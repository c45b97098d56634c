import Boards
import Compiler
import Graph
import Project
import TestNetworks
import Testing

private func problems(_ optimizer: String) -> [String] {
  do {
    _ = try Project(
      yaml: """
        schema: 1
        name: digits
        model: Model/digits.onnx
        classes: 10
        board: host
        optimizer: {\(optimizer)}
        """)
    return []
  } catch {
    return error.problems.map(\.description)
  }
}

struct OptimizerSettingsTests {
  private let network: Graph

  init() throws {
    var builder = try NetworkBuilder("three", input: [4, 6, 6])
    for _ in 0..<3 { try builder.convolution(8) }
    try builder.dense(5)
    network = try attachHead(try builder.finish(), classes: 4)
  }

  private func resolved(_ settings: OptimizerSettings, samples: Int = 100) throws -> Optimizer {
    try settings.resolved(scaling: .exact, network: network) { samples }
  }

  @Test func everySettingSurvivesTheFile() throws {
    let schedules: [ScheduleSettings] = [
      .init(.cosine), .init(.cosine, warmUp: 3, steps: 10), .init(.step, every: 7, factor: 0.5),
      .init(.constant, warmUp: 9),
    ]
    for schedule in schedules {
      for clip in [nil, Optimizer.Clip.norm(1.5), .value(0.25)] {
        let project = Project(
          name: "n", model: "m.onnx", classes: .count(3), board: "host",
          optimizer: OptimizerSettings(
            schedule: schedule, momentum: 0.9, clip: clip, accumulate: 8, rates: ["2": 0.5, "a b": 3]))
        #expect(try Project(yaml: project.text) == project)
      }
    }
  }

  @Test func allProblemsAreToldAtOnce() {
    #expect(
      problems(
        "momentum: 1, schedule: cosine, every: 3, factor: 2, accumulate: 0, clip: {norm: 0, value: 1}, rates: {a: -1}"
      )
        == [
          "tinysdk.yml:6: 'factor': '2' is not a factor above 0, at most 1",
          "tinysdk.yml:6: 'every' belongs to 'schedule: step'",
          "tinysdk.yml:6: 'factor' belongs to 'schedule: step'",
          "tinysdk.yml:6: 'momentum': '1' is not a share of the velocity: 0 or more, below 1",
          "tinysdk.yml:6: 'value' stands beside 'norm'; give one of them",
          "tinysdk.yml:6: 'norm': '0' is not a number above 0",
          "tinysdk.yml:6: 'accumulate': 0 is not 1 or more",
          "tinysdk.yml:6: 'a': '-1' is not a factor above 0",
        ])
    #expect(
      problems("schedule: step") == [
        "tinysdk.yml:6: 'every' is missing: 'schedule: step' changes the rate every so many steps"
      ])
    #expect(
      problems("schedule: cosin") == [
        "tinysdk.yml:6: 'schedule': 'cosin' is not one of constant, cosine, step"
      ])
    #expect(
      problems("momentun: 0.9") == ["tinysdk.yml:6: unknown key 'momentun'; did you mean 'momentum'?"])
  }

  @Test func aCosineTakesItsLengthFromTheProject() throws {
    let cosine = OptimizerSettings(epochs: 3, schedule: .init(.cosine))
    #expect(try resolved(cosine).schedule == .cosine(steps: 300))
    let explicit = OptimizerSettings(epochs: 3, schedule: .init(.cosine, steps: 70))
    #expect(try resolved(explicit).schedule == .cosine(steps: 70))
    #expect(throws: CancellationError.self) {
      try cosine.resolved(scaling: .exact, network: network) { throw CancellationError() }
    }
    let incomplete = OptimizerSettings(schedule: .init(.step))
    #expect(throws: ScheduleSettings.Incomplete.self) { try resolved(incomplete) }
  }

  @Test func ratesNameLayersByNumberOrName() throws {
    let settings = OptimizerSettings(rates: ["0": 0.5, "conv2": 2, "head": 0.1])
    #expect(try resolved(settings).rates == ["conv0": 0.5, "conv2": 2, "head": 0.1])
    let wrong = OptimizerSettings(rates: ["conv9": 1, "7": 1, "haed": 1])
    let error = #expect(throws: UnknownLayers.self) { try resolved(wrong) }
    #expect(error?.names == ["7", "conv9", "haed"])
    #expect(error?.description.contains("'rates' names layers") == true)
    #expect(error?.description.contains("'haed'; did you mean 'head'?") == true)
  }

  @Test func aBatchOfSamplesHasTheRateOfItsSize() {
    #expect(OptimizerSettings(rate: .per256(0.2), accumulate: 8).learningRate == Float(0.2 * 8 / 256))
    #expect(OptimizerSettings(rate: .perStep(0.01), accumulate: 8).learningRate == 0.01)
  }
}
