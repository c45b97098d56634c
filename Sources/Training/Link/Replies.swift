/// The contents of replies, as `Frame.Kind` lists them.

struct SampleResult {
  var loss: Float
  var prediction: Int
  var cost: UInt64
  var outputs: [Float]
}

/// - Throws: `LinkError.malformedReply` for a reply of another kind.
private func reader(_ reply: Frame, _ kind: Frame.Kind) throws(LinkError) -> PayloadReader {
  guard reply.kind == kind else { throw .malformedReply(reply.kind) }
  return PayloadReader(reply.payload)
}

/// - Throws: `LinkError.mismatch` with everything that differs.
func parseHello(_ reply: Frame, expecting model: ModelInterface) throws(LinkError)
  -> DeviceSession.Measurements
{
  var reader = try reader(reply, .hello)
  guard let version: UInt32 = reader.read(), let hash = reader.readBytes(ModelInterface.buildHashBytes),
    let input: UInt32 = reader.read(), let classes: UInt32 = reader.read(), let state: UInt32 = reader.read(),
    let operators: UInt32 = reader.read(), let unit = reader.read(UInt32.self).flatMap(CostUnit.init)
  else { throw .malformedReply(.hello) }
  let compared = [
    ("protocol version", "\(version)", "\(Frame.protocolVersion)"),
    ("build hash", hexadecimal(hash), hexadecimal(model.buildHash)),
    ("input bytes", "\(input)", "\(model.inputBytes)"),
    ("classes", "\(classes)", "\(model.classes)"),
    ("state bytes", "\(state)", "\(model.stateBytes)"),
  ]
  let differences = compared.filter { $0.1 != $0.2 }
  guard differences.isEmpty else {
    throw .mismatch(differences.map { "\($0.0): image \($0.1), host \($0.2)" })
  }
  return DeviceSession.Measurements(operators: Int(operators), unit: unit)
}

func parseResult(_ reply: Frame) throws(LinkError) -> SampleResult {
  var reader = try reader(reply, .result)
  guard let loss = reader.readFloat(), let prediction: Int32 = reader.read(), let cost: UInt64 = reader.read()
  else { throw .malformedReply(.result) }
  var outputs: [Float] = []
  while let output = reader.readFloat() { outputs.append(output) }
  return SampleResult(loss: loss, prediction: Int(prediction), cost: cost, outputs: outputs)
}

func parseProfile(_ reply: Frame) throws(LinkError) -> [OperatorCost] {
  var reader = try reader(reply, .profile)
  var costs: [OperatorCost] = []
  while let cost: UInt64 = reader.read(), let calls: UInt32 = reader.read() {
    costs.append(OperatorCost(cost: cost, calls: Int(calls)))
  }
  return costs
}

func parseStack(_ reply: Frame) throws(LinkError) -> StackUse {
  var reader = try reader(reply, .stack)
  guard let used: UInt32 = reader.read(), let size: UInt32 = reader.read() else {
    throw .malformedReply(.stack)
  }
  return StackUse(used: Int(used), size: Int(size))
}

func parseEvaluation(_ reply: Frame, classes: Int) throws(LinkError) -> Evaluation {
  var reader = try reader(reply, .evaluation)
  guard let correct: UInt32 = reader.read(), let total: UInt32 = reader.read() else {
    throw .malformedReply(.evaluation)
  }
  var counts: [Int] = []
  while let count: UInt32 = reader.read() { counts.append(Int(count)) }
  guard let evaluation = Evaluation(confusion: counts, classes: classes), evaluation.count == Int(total),
    evaluation.correct.reduce(0, +) == Int(correct)
  else { throw .malformedReply(.evaluation) }
  return evaluation
}

func parseLearning(_ reply: Frame) throws(LinkError) -> LearningStatus {
  var reader = try reader(reply, .learning)
  guard let steps: UInt32 = reader.read(), let correct: UInt32 = reader.read(),
    let loss = reader.readFloat(), let restored: UInt32 = reader.read(), let kept: UInt32 = reader.read()
  else { throw .malformedReply(.learning) }
  return LearningStatus(
    windowSteps: Int(steps), windowCorrect: Int(correct), windowLoss: loss, restored: Int(restored),
    kept: Int(kept))
}

func parseBye(_ reply: Frame) throws(LinkError) -> Int32 {
  var reader = try reader(reply, .bye)
  guard let code: Int32 = reader.read() else { throw .malformedReply(.bye) }
  return code
}

func checkDone(_ reply: Frame) throws(LinkError) {
  _ = try reader(reply, .done)
}
