import Graph
import Testing
import Training

@Suite struct FeaturePreprocessingTests {
  @Test func valuesAreScaledRoundedHalfToEvenAndSaturated() throws {
    let features = FeaturePreprocessing(scale: 0.5, offset: 1)
    #expect(try features.apply([1, 3, 5, -1, 1000, -1000], shape: [6]) == [2, 2, 4, 0, 127, -128])
  }

  @Test func digitsFillTheRange() throws {
    let features = FeaturePreprocessing(scale: 15.9375, offset: -128)
    #expect(try features.apply([0, 8, 16], shape: [3]) == [-128, 0, 127])
  }

  @Test func aTensorsScaleAndZeroPoint() throws {
    let features = FeaturePreprocessing(inputScale: 0.25, zeroPoint: -8, factor: 2)
    #expect(try features.apply([1, -1], shape: [2]) == [0, -16])
  }

  @Test func channelsLastBecomesChannelByChannel() throws {
    let features = FeaturePreprocessing(layout: .channelsLast)
    let values = (0..<12).map(Double.init)
    #expect(try features.apply(values, shape: [2, 3, 2]) == [0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11])
    #expect(throws: DatasetError.Problem.self) { try features.apply(values, shape: [12]) }
  }

  @Test func floatInputsKeepTheirFractions() throws {
    let features = FeaturePreprocessing(
      scale: 0.0625, offset: -0.5, layout: .channelsLast, element: .float32)
    let bytes = try features.apply([0, 1, 16, 300], shape: [2, 1, 2]).map { UInt8(bitPattern: $0) }
    #expect(bytes == littleEndianBytes([Float(-0.5), 0.5, -0.4375, 18.25]))
  }

  @Test(arguments: [(1e39, 1.0), (1.0, 1e60)])
  func valuesThatNoFloatHoldsAreRefused(value: Double, scale: Double) throws {
    let features = FeaturePreprocessing(scale: scale, element: .float32)
    let problem = #expect(throws: DatasetError.Problem.self) { try features.apply([0, value], shape: [2]) }
    #expect(problem?.description.contains("element 1: \(value) becomes") == true)
    // An int8 saturates.
    #expect(try FeaturePreprocessing(scale: scale).apply([0, value], shape: [2]) == [0, 127])
  }

  @Test(arguments: [Double.nan, .infinity]) func valuesThatAreNotFiniteAreRefused(value: Double) {
    let problem = #expect(throws: DatasetError.Problem.self) {
      try FeaturePreprocessing().apply([0, value], shape: [2])
    }
    #expect(problem?.description.contains("element 1: \(value) is not finite") == true)
  }
}
