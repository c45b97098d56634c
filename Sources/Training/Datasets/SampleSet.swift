import Dispatch
import Synchronization

/// Where samples come from. Inputs are made when they are asked for.
protocol SampleSource: Sendable {
  var labels: [Int] { get }
  /// The bytes of one input.
  var inputCount: Int { get }
  func input(at index: Int) throws -> [Int8]
  /// The file, and the line or row in it.
  func location(of index: Int) -> String
}

/// Some samples of a source, in a fixed order: those to train on, or those held out.
public struct SampleSet: Sendable {
  let source: any SampleSource
  let indices: [Int]

  init(source: any SampleSource, indices: [Int]) {
    self.source = source
    self.indices = indices
  }

  /// All samples of a source, in its order.
  init(all source: any SampleSource) {
    self.init(source: source, indices: Array(source.labels.indices))
  }

  /// The first `count` samples, for a quick run.
  public func prefix(_ count: Int) -> SampleSet {
    SampleSet(source: source, indices: Array(indices.prefix(count)))
  }

  /// At most `count` samples, evenly spread over the set.
  public func spread(_ count: Int) -> SampleSet {
    let kept = min(max(count, 0), indices.count)
    return SampleSet(source: source, indices: (0..<kept).map { indices[$0 * indices.count / kept] })
  }

  /// Every `count`th sample, and the others: a part to choose with, apart from the part to learn from.
  /// - Parameter first: the position of the first chosen sample, 0 ..< `count`; the parts of all of them
  ///   together are the whole set.
  public func split(every count: Int, from first: Int) -> (others: SampleSet, chosen: SampleSet) {
    let positions = indices.indices
    return (
      SampleSet(source: source, indices: positions.filter { $0 % count != first }.map { indices[$0] }),
      SampleSet(source: source, indices: positions.filter { $0 % count == first }.map { indices[$0] })
    )
  }

  public var count: Int { indices.count }

  /// The bytes of one input.
  public var inputCount: Int { source.inputCount }

  public func label(at index: Int) -> Int { source.labels[indices[index]] }

  /// The file of a sample, and the line or row in it.
  public func location(of index: Int) -> String { source.location(of: indices[index]) }

  /// Reads, decodes and preprocesses the sample, or takes it from memory. May be called from any thread.
  /// - Throws: `DatasetError` naming the file where it cannot be read.
  public func sample(at index: Int) throws -> Sample {
    Sample(input: try source.input(at: indices[index]), label: label(at: index))
  }

  /// Makes every sample once, on all cores, so that later accesses come from memory.
  /// - Throws: `DatasetError` listing every sample that cannot be read.
  public func preload() throws {
    let failures = Mutex<[Int: DatasetError]>([:])
    DispatchQueue.concurrentPerform(iterations: count) { index in
      do {
        _ = try sample(at: index)
      } catch {
        let failure = error as? DatasetError
        failures.withLock {
          $0[index] = failure ?? DatasetError(location(of: index), "\(error)", advice: "Replace it.")
        }
      }
    }
    let found = failures.withLock { $0 }.sorted { $0.key < $1.key }.map(\.value)
    guard let first = found.first else { return }
    throw DatasetError(found.flatMap(\.problems), advice: first.advice)
  }
}
