import Graph
import Project
import Testing
import Training
import tinysdk

/// How `preprocessing` in tinysdk.yml becomes a data set's options.
struct ProjectDataTests {
  private func project(_ change: (inout PreprocessingSettings) -> Void) -> Project {
    var project = Project(name: "numbers", model: "m.onnx", board: "host")
    change(&project.preprocessing)
    return project
  }

  private let flat = Tensor("numbers", .float32, [1, 3], role: .input)
  private let planes = Tensor(
    "image", .int8, [1, 3, 2, 2], quantization: .perTensor(scale: 0.5, zeroPoint: -2), role: .input)

  private func features(_ project: Project, _ input: Tensor) throws -> FeaturePreprocessing {
    try datasetOptions(project, input: input).preprocessing.features
  }

  @Test func everyFeatureHasItsOwnMeanAndDeviation() throws {
    let project = project { ($0.mean, $0.deviation) = ([1, 2, 3], [2, 4, 8]) }
    let bytes = try features(project, flat).apply([3, 3, 3], shape: [3]).map { UInt8(bitPattern: $0) }
    #expect(bytes == littleEndianBytes([Float(1), 0.25, 0]))
  }

  @Test func everyChannelHasItsOwnMean() throws {
    let project = project { $0.mean = [0, 1, 2] }
    let values = [Double](repeating: 3, count: 12)
    let expected: [Int8] = [4, 4, 4, 4, 2, 2, 2, 2, 0, 0, 0, 0]
    #expect(try features(project, planes).apply(values, shape: [12]) == expected)
  }

  @Test func pixelMinusIsExact() throws {
    let project = project { $0.pixelMinus = 128 }
    #expect(try features(project, planes).apply([0, 255], shape: [2]) == [-128, 127])
  }

  @Test func theQuantizationOfAFloatInputIsRefused() throws {
    let both = project { ($0.scale, $0.zeroPoint) = (0.5, 3) }
    let two = #expect(throws: QuantizationOfFloatInput.self) { try datasetOptions(both, input: flat) }
    #expect(two?.keys == ["scale", "zero_point"] && two?.input == "numbers")
    let error = #expect(throws: QuantizationOfFloatInput.self) {
      try datasetOptions(project { $0.zeroPoint = 3 }, input: flat)
    }
    #expect(error?.description.hasPrefix("tinysdk.yml: 'preprocessing' has 'zero_point', which") == true)
    #expect(try features(both, planes).apply([1, 1], shape: [2]) == [5, 5])
  }
}
