/// Samples that are rows of an array.
struct ArraySamples: SampleSource {
  /// What a sample is called in an error.
  enum Place: Sendable {
    /// Lines of a text file.
    case lines(path: String, numbers: [Int])
    /// Rows of an array named `array`: a path, or a path and a member.
    case rows(of: String)

    /// The file or the array.
    var name: String {
      switch self {
      case .lines(let path, _): path
      case .rows(let array): array
      }
    }

    func location(of index: Int) -> String {
      switch self {
      case .lines(let path, let numbers): "\(path):\(numbers[index])"
      case .rows(let array): "\(array)[\(index)]"
      }
    }
  }

  let features: NumericArray
  let labels: [Int]
  let preprocessing: FeaturePreprocessing
  let place: Place

  /// - Throws: `DatasetError` where the preprocessing fits no sample of this shape.
  init(features: NumericArray, labels: [Int], preprocessing: FeaturePreprocessing, place: Place) throws {
    (self.features, self.labels, self.preprocessing, self.place) = (features, labels, preprocessing, place)
    let shape = Array(features.shape.dropFirst())
    let problems = preprocessing.problems(shape: shape)
    if !problems.isEmpty {
      throw DatasetError(
        problems,
        advice: "Correct 'preprocessing' in tinysdk.yml; a sample of \(place.name) has the shape \(shape).")
    }
  }

  var inputCount: Int { features.rowSize * preprocessing.element.byteCount }

  func input(at index: Int) throws -> [Int8] {
    do {
      return try preprocessing.apply(features.row(index), shape: Array(features.shape.dropFirst()))
    } catch let problem as DatasetError.Problem {
      throw DatasetError(
        location(of: index), problem.description, advice: "Correct the data, or the project's preprocessing.")
    }
  }

  func location(of index: Int) -> String { place.location(of: index) }
}
