import Graph
import Testing
import Training

@Suite struct FeaturePreprocessingTests {
  @Test func valuesAreScaledRoundedHalfToEvenAndSaturated() throws {
    let features = FeaturePreprocessing(inputScale: 2, zeroPoint: 1)
    #expect(try features.apply([1, 3, 5, -1, 1000, -1000], shape: [6]) == [2, 2, 4, 0, 127, -128])
  }

  @Test func digitsFillTheRange() throws {
    let features = FeaturePreprocessing(deviation: [16], inputScale: 1.0 / 255, zeroPoint: -128)
    #expect(try features.apply([0, 8, 16], shape: [3]) == [-128, 0, 127])
  }

  @Test func aTensorsScaleAndZeroPoint() throws {
    let features = FeaturePreprocessing(deviation: [0.5], inputScale: 0.25, zeroPoint: -8)
    #expect(try features.apply([1, -1], shape: [2]) == [0, -16])
  }

  @Test func aListOfOneForEachFeatureIsTaken() throws {
    var features = FeaturePreprocessing(mean: [1, 2, 3], deviation: [1, 0.5, 0.25])
    #expect(try features.apply([1, 3, 4], shape: [3]) == [0, 2, 4])
    features.deviation = [0.5]
    #expect(try features.apply([1, 3, 4], shape: [3]) == [0, 2, 2])
    features.element = .float32
    let bytes = try features.apply([1.5, 2, 2], shape: [3]).map { UInt8(bitPattern: $0) }
    #expect(bytes == littleEndianBytes([Float(1), 0, -2]))
  }

  @Test func aListOfOneForEachChannelIsTaken() throws {
    let stored = (0..<8).map(Double.init)
    let first = FeaturePreprocessing(mean: [0, 4], deviation: [1, 0.5])
    #expect(try first.apply(stored, shape: [2, 2, 2]) == [0, 1, 2, 3, 0, 2, 4, 6])
    // A row of a table has its channels from the model.
    var row = first
    row.channels = 2
    #expect(try row.apply(stored, shape: [8]) == [0, 1, 2, 3, 0, 2, 4, 6])
    let last = FeaturePreprocessing(mean: [0, 1], deviation: [1, 0.5], layout: .channelsLast)
    #expect(try last.apply(stored, shape: [2, 2, 2]) == [0, 2, 4, 6, 0, 4, 8, 12])
    // One for each value, in the model's order.
    row.mean = stored
    #expect(try row.apply(stored, shape: [8]) == [Int8](repeating: 0, count: 8))
  }

  @Test func listsOfOtherLengthsAreTold() {
    let features = FeaturePreprocessing(mean: [1, 2], deviation: [1, 2, 3, 4], channels: 3)
    let counts = "give one for all values, 3, one for each channel, or 12, one for each value"
    #expect(
      features.problems(shape: [12]).map(\.description) == [
        "preprocessing: mean: has 2 numbers; \(counts)", "preprocessing: deviation: has 4 numbers; \(counts)",
      ])
    #expect(
      FeaturePreprocessing(mean: [1, 2]).problems(shape: [3]).map(\.reason) == [
        "has 2 numbers; give one for all values or 3, one for each value"
      ])
    #expect(throws: DatasetError.Problem.self) { try features.apply([1, 2, 3], shape: [3]) }
    let tiny = FeaturePreprocessing(deviation: [1e-320]).problems(shape: [1])
    #expect(tiny.map(\.location) == ["preprocessing: deviation"])
  }

  @Test func aTableThatDoesNotFitNamesFileAndKey() throws {
    let folder = try TemporaryFolder()
    let table = try folder.write("data.csv", "1,2,3,0\n4,5,6,1\n7,8,9,0\n1,2,3,1\n")
    let options = DatasetOptions(preprocessing: Preprocessing(features: .init(mean: [1, 2])))
    let error = #expect(throws: DatasetError.self) { try Dataset.load(table, options: options) }
    #expect(error?.problems.map(\.location) == ["preprocessing: mean"])
    #expect(error?.description.contains("has 2 numbers; give one for all values or 3") == true)
    #expect(error?.advice.contains("tinysdk.yml; a sample of \(table) has the shape [3]") == true)
  }

  @Test func channelsLastBecomesChannelByChannel() throws {
    let features = FeaturePreprocessing(layout: .channelsLast)
    let values = (0..<12).map(Double.init)
    #expect(try features.apply(values, shape: [2, 3, 2]) == [0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11])
    #expect(throws: DatasetError.Problem.self) { try features.apply(values, shape: [12]) }
  }

  @Test func floatInputsKeepTheirFractions() throws {
    let features = FeaturePreprocessing(
      mean: [8], deviation: [16], layout: .channelsLast, element: .float32)
    let bytes = try features.apply([0, 1, 16, 300], shape: [2, 1, 2]).map { UInt8(bitPattern: $0) }
    #expect(bytes == littleEndianBytes([Float(-0.5), 0.5, -0.4375, 18.25]))
  }

  @Test(arguments: [(1e39, 1.0), (1.0, 1e-60)])
  func valuesThatNoFloatHoldsAreRefused(value: Double, deviation: Double) throws {
    let features = FeaturePreprocessing(deviation: [deviation], element: .float32)
    let problem = #expect(throws: DatasetError.Problem.self) { try features.apply([0, value], shape: [2]) }
    #expect(problem?.description.contains("element 1: \(value) becomes") == true)
    // An int8 saturates.
    #expect(try FeaturePreprocessing(deviation: [deviation]).apply([0, value], shape: [2]) == [0, 127])
  }

  @Test(arguments: [Double.nan, .infinity]) func valuesThatAreNotFiniteAreRefused(value: Double) {
    let problem = #expect(throws: DatasetError.Problem.self) {
      try FeaturePreprocessing().apply([0, value], shape: [2])
    }
    #expect(problem?.description.contains("element 1: \(value) is not finite") == true)
  }
}
