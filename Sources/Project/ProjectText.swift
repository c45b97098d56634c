import Compiler

extension Project {
  /// The project as the text of its file, with a comment on what each setting does. `Project(yaml:)` reads
  /// the same value back.
  public var text: String {
    let optional = [
      scaling == .exact ? nil : "qas: \(scaling.rawValue)  # one power of two a layer scales its gradients",
      rounding.map { "rounding: \($0.rawValue)" }, optimize.map { "optimize: \($0.rawValue)" },
      stackBytes.map { "stack_bytes: \($0)" },
    ]
    var lines = [
      "schema: \(Self.schema)", "name: \(scalar(name))", "",
      "# The network: an int8 model file, and what it tells apart.", "model: \(scalar(model))",
    ]
    lines += classes.map { ["classes: \($0.text)"] } ?? []
    lines += [
      "head: \(head.rawValue)  # new: a fresh float32 layer for these classes; keep: the model's own classifier",
      "",
      "board: \(scalar(board))  # tinysdk boards lists them", "toolchain: \(scalar(toolchain))", "",
      "# What learns: head, bias-K, last-K, full, or a published scheme such as 49KB; the head always does.",
    ]
    lines +=
      update.lines + [
        "residual: \(residual.rawValue)  # fractional bits kept beside each int8 weight that learns: 8, 4 or 0; or stochastic",
        "gradients: \(gradients.rawValue)  # float32, int16 or int8",
        "loss: \(loss.rawValue)",
        "keep_input: \(keepInput)  # true: the sample survives a step, and its bytes are in the plan",
      ]
    lines += optional.compactMap { $0 }
    lines += [""] + optimizer.lines
    lines += evaluation.map { [""] + $0.lines } ?? []
    lines += learningGuard.map { [""] + $0.lines } ?? []
    lines += replay.map { [""] + $0.lines } ?? []
    lines += data.map { [""] + $0.lines } ?? []
    let preprocessing = preprocessing.lines
    lines += preprocessing.isEmpty ? [] : ["", "preprocessing:"] + preprocessing
    lines += plugins.isEmpty ? [] : ["", "plugins: \(flowList(plugins.map(scalar)))"]
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Project.Classes {
  fileprivate var text: String {
    switch self {
    case .names(let names): flowList(names.map(scalar))
    case .count(let count): "\(count)"
    }
  }
}

extension UpdateSetting {
  /// The lines of the project file.
  var lines: [String] {
    switch self {
    case .named(let name): ["update: \(scalar(name))"]
    case .layers(let updates):
      ["update:", "  biases: \(updates.biases.text)\(updates.biases.comment)"] + updates.weightLines
    }
  }
}

extension UpdateSetting.LayerUpdates {
  fileprivate var weightLines: [String] {
    guard !weights.isEmpty else { return [] }
    return ["  weights:  # by the layer's number or name: a share of its input channels, or a list of them"]
      + weights.sorted { ($0.key.count, $0.key) < ($1.key.count, $1.key) }
      .map { "    \(scalar($0.key)): \($0.value.text)" }
  }
}

extension UpdateSetting.LayerUpdates.Biases {
  fileprivate var comment: String {
    if case .last = self { "  # of the last layers, so many" } else { "" }
  }

  fileprivate var text: String {
    switch self {
    case .last(let count): "\(count)"
    case .layers(let names): flowList(names.map(scalar))
    }
  }
}

extension UpdateScheme.Channels {
  fileprivate var text: String {
    switch self {
    case .fraction(let share): "\(share)"
    case .list(let channels): flowList(channels.map { "\($0)" })
    }
  }
}

extension OptimizerSettings {
  fileprivate var lines: [String] {
    let rateLine =
      switch rate {
      case .perStep(let rate): "  rate: \(rate)  # of one step"
      case .per256(let rate): "  lr256: \(rate)  # of a batch of 256; a step of one sample takes 1/256 of it"
      }
    return [
      "optimizer:", rateLine, "  batch: 1", "  epochs: \(epochs)",
      "  seed: \(seed)  # the order of the samples",
    ] + optionalLines
  }

  private var optionalLines: [String] {
    let standard = OptimizerSettings()
    let clipLine: String? =
      switch clip {
      case .norm(let limit): "  clip: {norm: \(limit)}  # of all gradients together"
      case .value(let limit): "  clip: {value: \(limit)}  # of every element"
      case nil: nil
      }
    let lines = [
      momentum == 0 ? nil : "  momentum: \(momentum)", clipLine,
      accumulate == 1 ? nil : "  accumulate: \(accumulate)  # samples to an update",
    ]
    let factors = rates.sorted { ($0.key.count, $0.key) < ($1.key.count, $1.key) }
      .map { "    \(scalar($0.key)): \($0.value)" }
    return (schedule == standard.schedule ? [] : schedule.lines) + lines.compactMap { $0 }
      + (factors.isEmpty ? [] : ["  rates:  # factors on the rate by the layer's number or name"] + factors)
  }
}

extension ScheduleSettings {
  fileprivate var lines: [String] {
    let lines = [
      "  schedule: \(kind.rawValue)  # constant, cosine or step",
      warmUp == 0 ? nil : "  warm_up: \(warmUp)  # steps in which the rate rises",
      steps.map { "  steps: \($0)  # where the rate has come down to 0" },
      every.map { "  every: \($0)  # steps between two changes" },
      kind == .step ? "  factor: \(factor)" : nil,
    ]
    return lines.compactMap { $0 }
  }
}

extension EvaluationOptions {
  fileprivate var lines: [String] {
    [
      "evaluation:  # the device counts hits and misses of evaluated samples",
      "  window: \(window)  # training steps to look back",
    ]
  }
}

extension GuardOptions {
  fileprivate var lines: [String] {
    [
      "guard:  # the device goes back to its last good state when learning makes things worse",
      "  window: \(window)  # training steps that are compared",
      "  measure: \(measure.rawValue)  # loss, or wrong: the share of wrong predictions",
      "  worse: \(worse)  # than the good window by more: back to the good state",
      "  better: \(better)  # than the good window by this: the new good state",
    ]
  }
}

extension ReplayOptions {
  fileprivate var lines: [String] {
    [
      "replay:  # the device keeps samples behind its frozen layers, and learns from them again",
      "  samples: \(samples)", "  ratio: \(ratio)  # kept samples for each new one",
    ]
      + (memory == .sram
        ? [] : ["  memory: \(memory.rawValue)  # sram, or flash that the device writes itself"])
  }
}

extension DataSettings {
  fileprivate var lines: [String] {
    let rule =
      switch heldOut {
      case .every(let count): "every: \(count)"
      case .fraction(let share): "fraction: \(share)"
      case .last(let count): "last: \(count)"
      }
    let label = labelColumn.map { ["  label_column: \(scalar($0))"] } ?? []
    return ["data:", "  path: \(scalar(path))"] + label
      + ["  held_out: {\(rule)}  # to test with; every: K, fraction: F or last: N"]
  }
}

extension PreprocessingSettings {
  fileprivate var lines: [String] {
    let standard = PreprocessingSettings()
    let lines: [String?] = [
      resize.map { "  resize: \($0)  # the shorter side, before the crop" },
      crop.map { "  crop: \($0.width)x\($0.height)" },
      channels.map { "  channels: \($0.rawValue)" },
      layout == standard.layout ? nil : "  layout: \(layout.rawValue)",
      pixelMinus.map { "  pixel_minus: \($0)  # int8 = pixel - \($0), exactly" },
      mean == standard.mean ? nil : "  mean: \(numbers(mean))",
      deviation == standard.deviation ? nil : "  deviation: \(numbers(deviation))",
      scale.map { "  scale: \($0)" },
      zeroPoint.map { "  zero_point: \($0)" },
    ]
    return lines.compactMap { $0 }
  }
}

private func numbers(_ values: [Double]) -> String {
  values.count == 1 ? "\(values[0])" : flowList(values.map { "\($0)" })
}

private func flowList(_ elements: [String]) -> String { "[\(elements.joined(separator: ", "))]" }

/// A text as a YAML scalar: in quotes where it could be read as anything else.
private func scalar(_ text: String) -> String {
  let isPlain = text.unicodeScalars.allSatisfy { isWordCharacter($0) || "_./-+ ".unicodeScalars.contains($0) }
  let first = text.unicodeScalars.first
  if isPlain, let first, isWordCharacter(first) || "/.".unicodeScalars.contains(first), text.last != " " {
    return text
  }
  let escaped = text.unicodeScalars.map { scalar in
    switch scalar {
    case "\\": "\\\\"
    case "\"": "\\\""
    case "\n": "\\n"
    case "\t": "\\t"
    default: scalar.value < 32 ? "\\x" + hexadecimalByte(scalar.value) : String(scalar)
    }
  }
  return "\"\(escaped.joined())\""
}

private func isWordCharacter(_ scalar: Unicode.Scalar) -> Bool {
  ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
}

private func hexadecimalByte(_ value: UInt32) -> String {
  (value < 16 ? "0" : "") + String(value, radix: 16)
}
