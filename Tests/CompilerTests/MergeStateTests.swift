import Compiler
import Graph
import TestNetworks
import Testing

private func plan(_ model: Graph, _ options: CompileOptions) throws -> Plan {
  try compile(model, options) { queries in
    KernelCatalog(scratchBytes: Dictionary(uniqueKeysWithValues: queries.map { ($0, 0) }))
  }
}

/// The state before the first step.
private func initialState(_ plan: Plan) throws -> [UInt8] {
  try plan.state.flatMap { tensor in
    try plan.graph.tensor(tensor.name).data ?? [UInt8](repeating: 0, count: tensor.bytes)
  }
}

private let partial = CompileOptions(
  classes: 4,
  update: .scheme(
    UpdateScheme(
      name: "some", biases: [2, 3], weights: [1: .fraction(1), 2: .fraction(0.5), 3: .list([1, 4])])))

@Test func anUntrainedStateMergesIntoTheModelItself() throws {
  let model = try networkOfEverything()
  let plan = try plan(model, partial)
  let merged = try mergeState(try initialState(plan), of: plan, into: model)
  #expect(merged == (try attachHead(model, classes: 4)))
}

@Test func learnedChannelsReturnToTheirPlaces() throws {
  let model = try networkOfEverything()
  let plan = try plan(model, partial)
  var state = try initialState(plan)
  let trained = try #require(plan.state.first { $0.name == "conv2.weight.trained" })
  let channels = try #require(plan.graph.nodes.first { $0.phase == .forward && $0.input(3) == trained.name })
    .ints("trained")
  for offset in 0..<trained.bytes { state[trained.offset + offset] = UInt8(offset % 100) }
  let merged = try mergeState(state, of: plan, into: model)
  let (before, after) = (
    try model.tensor("conv2.weight").int8Data, try merged.tensor("conv2.weight").int8Data
  )
  let (outputs, inputs) = (
    try merged.tensor("conv2.weight").shape[0], try merged.tensor("conv2.weight").shape[1]
  )
  #expect(channels.count == inputs / 2)
  for output in 0..<outputs {
    for input in 0..<inputs {
      let value = after[output * inputs + input]
      if let position = channels.firstIndex(of: input) {
        #expect(Int(value) == (output * channels.count + position) % 100)
      } else {
        #expect(value == before[output * inputs + input])
      }
    }
  }
}

@Test func learnedBiasesAndHeadAreTakenOver() throws {
  let model = try networkOfEverything()
  let plan = try plan(model, partial)
  let state = try initialState(plan).indices.map { UInt8(truncatingIfNeeded: $0 % 113) }
  let merged = try mergeState(state, of: plan, into: model)
  for name in ["conv2.bias", "conv3.bias", "head.weight", "head.bias", "conv1.weight"] {
    let place = try #require(plan.state.first { $0.name == name })
    #expect(
      try merged.tensor(name).data == Array(state[place.offset..<place.offset + place.bytes]), "\(name)")
  }
  #expect(try merged.tensor("conv0.weight") == model.tensor("conv0.weight"))
  #expect(!merged.tensors.contains { $0.name.hasSuffix("residual") || $0.name.hasSuffix("trained") })
  try merged.validate()
}

@Test func aStateOfAnotherSizeIsRefused() throws {
  let model = try networkOfEverything()
  let plan = try plan(model, partial)
  #expect(throws: MergeError.wrongSize(expected: plan.stateBytes, actual: 3)) {
    try mergeState([1, 2, 3], of: plan, into: model)
  }
}
