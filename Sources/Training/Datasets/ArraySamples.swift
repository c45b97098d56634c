/// Samples that are rows of an array.
struct ArraySamples: SampleSource {
  /// What a sample is called in an error.
  enum Place: Sendable {
    /// Lines of a text file.
    case lines(path: String, numbers: [Int])
    /// Rows of an array named `array`: a path, or a path and a member.
    case rows(of: String)

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
