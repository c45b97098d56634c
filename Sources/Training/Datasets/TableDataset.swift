/// Makes a data set of one table, or of one to train on and one to test on.
func tableDataset(_ path: String, heldOut heldOutPath: String? = nil, _ options: DatasetOptions) throws
  -> Dataset
{
  let tables = try ([path] + [heldOutPath].compactMap { $0 }).map { path in
    (path: path, table: try CSVTable(path: path, labelColumn: options.labelColumn))
  }
  let rows = tables.flatMap { entry in entry.table.lines.map { "\(entry.path):\($0)" } }
  let classes = try ClassLabels(tables.flatMap(\.table.labels), names: options.classNames) { rows[$0] }
  let train = tables[0].table
  let source = try samples(tables[0], labels: classes.labels.prefix(train.lines.count), options)
  guard tables.count == 2 else {
    let indices = try options.heldOut.split(count: train.lines.count)
    return Dataset(
      classNames: classes.names, train: SampleSet(source: source, indices: indices.train),
      heldOut: SampleSet(source: source, indices: indices.heldOut))
  }
  guard tables[1].table.features.rowSize == train.features.rowSize else {
    throw DatasetError(
      tables[1].path, "\(tables[1].table.features.rowSize) features, \(path) has \(train.features.rowSize)",
      advice: "Give both tables the same columns.")
  }
  let heldOut = try samples(tables[1], labels: classes.labels.dropFirst(train.lines.count), options)
  return Dataset(
    classNames: classes.names, train: SampleSet(all: source), heldOut: SampleSet(all: heldOut))
}

private func samples(
  _ entry: (path: String, table: CSVTable), labels: ArraySlice<Int>, _ options: DatasetOptions
) throws -> ArraySamples {
  try ArraySamples(
    features: entry.table.features, labels: Array(labels), preprocessing: options.preprocessing.features,
    place: .lines(path: entry.path, numbers: entry.table.lines))
}
