/// Samples that are picture files, decoded when they are asked for and then kept.
struct ImageSamples: SampleSource {
  let paths: [String]
  let labels: [Int]
  let preprocessing: ImagePreprocessing
  private let cache: SampleCache

  init(paths: [String], labels: [Int], preprocessing: ImagePreprocessing, cacheByteLimit: Int) {
    self.paths = paths
    self.labels = labels
    self.preprocessing = preprocessing
    cache = SampleCache(count: paths.count, byteLimit: cacheByteLimit)
  }

  var inputCount: Int { preprocessing.inputCount }

  func input(at index: Int) throws -> [Int8] {
    try cache.input(at: index) {
      try locatingFailure(at: paths[index], advice: "Replace the picture, or change the crop.") {
        try preprocessing.apply(try ImageFile.read(paths[index]))
      }
    }
  }

  func location(of index: Int) -> String { paths[index] }
}
