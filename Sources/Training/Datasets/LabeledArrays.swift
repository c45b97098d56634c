/// Finds inputs and labels among named arrays and makes a data set of them.
struct LabeledArrays {
  /// A file, for errors.
  let path: String
  let arrays: [String: NumericArray]

  private struct Pair {
    let inputs: String
    let labels: String
  }

  private static let trainingNames = [("x_train", "y_train"), ("train_x", "train_y")]
  private static let testNames = [
    ("x_test", "y_test"), ("x_val", "y_val"), ("test_x", "test_y"), ("val_x", "val_y"),
  ]
  private static let wholeNames = [
    ("x", "y"), ("image", "label"), ("images", "labels"), ("data", "target"), ("features", "labels"),
  ]

  /// - Throws: `DatasetError` where no pair of arrays is found, their sizes differ, or a label is not a
  ///   class.
  func dataset(_ options: DatasetOptions) throws -> Dataset {
    if let train = pair(Self.trainingNames) {
      guard let test = pair(Self.testNames) else { return try split(train, options) }
      return try joined(train, test, options)
    }
    guard let whole = pair(Self.wholeNames) ?? onlyPair() else { throw noPair() }
    return try split(whole, options)
  }

  private func pair(_ names: [(String, String)]) -> Pair? {
    let known = Dictionary(
      arrays.keys.sorted().map { ($0.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
    for (inputs, labels) in names {
      if let inputs = known[inputs], let labels = known[labels] {
        return Pair(inputs: inputs, labels: labels)
      }
    }
    return nil
  }

  /// Whatever their names: the only array of labels and the only one of samples.
  private func onlyPair() -> Pair? {
    let vectors = arrays.keys.filter { arrays[$0]?.shape.count == 1 }
    let tensors = arrays.keys.filter { (arrays[$0]?.shape.count ?? 0) > 1 }
    guard vectors.count == 1, tensors.count == 1 else { return nil }
    return Pair(inputs: tensors[0], labels: vectors[0])
  }

  private func noPair() -> DatasetError {
    let found = arrays.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.shape)" }
    return DatasetError(
      path, "no array of samples with an array of labels; there are: \(found.joined(separator: ", "))",
      advice: "Name them x and y, or x_train, y_train, x_test and y_test.")
  }

  private func split(_ pair: Pair, _ options: DatasetOptions) throws -> Dataset {
    let (features, texts) = try contents(pair)
    let classes = try ClassLabels(texts, names: options.classNames) { "\(path): \(pair.labels)[\($0)]" }
    let source = try samples(pair, features, classes.labels, options)
    let indices = try options.heldOut.split(count: texts.count)
    return Dataset(
      classNames: classes.names, train: SampleSet(source: source, indices: indices.train),
      heldOut: SampleSet(source: source, indices: indices.heldOut))
  }

  private func joined(_ train: Pair, _ test: Pair, _ options: DatasetOptions) throws -> Dataset {
    let (trainFeatures, trainTexts) = try contents(train)
    let (testFeatures, testTexts) = try contents(test)
    guard trainFeatures.shape.dropFirst() == testFeatures.shape.dropFirst() else {
      throw DatasetError(
        "\(path): \(test.inputs)",
        "samples of \(testFeatures.shape.dropFirst()), those to train on are \(trainFeatures.shape.dropFirst())",
        advice: "Give both parts the same shape.")
    }
    let classes = try ClassLabels(trainTexts + testTexts, names: options.classNames) { index in
      index < trainTexts.count
        ? "\(path): \(train.labels)[\(index)]" : "\(path): \(test.labels)[\(index - trainTexts.count)]"
    }
    let trainLabels = Array(classes.labels.prefix(trainTexts.count))
    let testLabels = Array(classes.labels.dropFirst(trainTexts.count))
    return Dataset(
      classNames: classes.names,
      train: SampleSet(all: try samples(train, trainFeatures, trainLabels, options)),
      heldOut: SampleSet(all: try samples(test, testFeatures, testLabels, options)))
  }

  private func samples(
    _ pair: Pair, _ features: NumericArray, _ labels: [Int], _ options: DatasetOptions
  ) throws -> ArraySamples {
    try ArraySamples(
      features: features, labels: labels, preprocessing: options.preprocessing.features,
      place: .rows(of: "\(path): \(pair.inputs)"))
  }

  /// The samples, and the labels as the texts of whole numbers.
  private func contents(_ pair: Pair) throws -> (NumericArray, [String]) {
    guard let features = arrays[pair.inputs], let labels = arrays[pair.labels] else { throw noPair() }
    let location = "\(path): \(pair.labels)"
    guard labels.count == labels.rowCount, labels.count == features.rowCount, features.count > 0 else {
      throw DatasetError(
        location, "labels of shape \(labels.shape) do not fit samples of shape \(features.shape)",
        advice: "Give one label, as a class number, for each sample.")
    }
    let numbers = labels.values(in: 0..<labels.count)
    let problems = numbers.indices.filter { Int(exactly: numbers[$0]) == nil }.map {
      DatasetError.Problem("\(location)[\($0)]", "label \(numbers[$0]) is not a whole number")
    }
    if !problems.isEmpty { throw DatasetError(problems, advice: "Labels are class numbers: 0, 1, 2 ...") }
    return (features, numbers.compactMap { Int(exactly: $0).map(String.init) })
  }
}
