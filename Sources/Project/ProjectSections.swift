import Boards
import Compiler

/// The parts of a project that have keys of their own.
extension ProjectValues {
  mutating func update(_ node: ConfigurationNode?) -> UpdateSetting {
    guard let node else { return .named("head") }
    if node.text != nil { return .named(filled(node, "update")) }
    let biases = node["biases"]
    let listed = biases.flatMap { $0.text == nil ? UpdateSetting.LayerUpdates.Biases.layers($0.texts) : nil }
    var updates = UpdateSetting.LayerUpdates(biases: listed ?? .last(integer(biases) ?? 0))
    for entry in node["weights"]?.entries ?? [] {
      updates.weights[entry.key] = channels(entry.value, layer: entry.key)
    }
    return .layers(updates)
  }

  private mutating func channels(_ node: ConfigurationNode, layer: String) -> UpdateScheme.Channels {
    if node.text != nil {
      let share = decimal(
        node, layer, "a share of the input channels, above 0 and up to 1, or a list of them"
      ) {
        $0 > 0 && $0 <= 1
      }
      return .fraction(share ?? 1)
    }
    return .list(node.texts.compactMap(Quantity.count.parse).map { Int($0) })
  }

  mutating func evaluation(_ node: ConfigurationNode?) -> EvaluationOptions? {
    guard let node, node.text == nil else { return nil }
    var options = EvaluationOptions()
    if let window = window(node["window"]) { options.window = window }
    return options
  }

  mutating func learningGuard(_ node: ConfigurationNode?) -> GuardOptions? {
    guard let node, node.text == nil else { return nil }
    var options = GuardOptions(measure: node["measure"]?.choice() ?? .loss)
    if options.measure == .wrong { (options.worse, options.better) = (0.2, 0.05) }
    if let window = window(node["window"]) { options.window = window }
    let limit = options.measure == .wrong ? 1 : GuardOptions.largestThreshold
    let rule = "0 or more, and at most \(Int(limit)) for measure '\(options.measure.rawValue)'"
    if let worse = decimal(node["worse"], "worse", rule, where: { (0...limit).contains($0) }) {
      options.worse = worse
    }
    if let better = decimal(node["better"], "better", rule, where: { (0...limit).contains($0) }) {
      options.better = better
    }
    return options
  }

  mutating func replay(_ node: ConfigurationNode?) -> ReplayOptions? {
    guard let node, node.text == nil else { return nil }
    var options = ReplayOptions(samples: positive(node["samples"], "samples") ?? 1)
    if let samples = node["samples"], options.samples > ReplayOptions.mostSamples {
      problems.append(
        samples.problem("'samples': \(options.samples) is more than \(ReplayOptions.mostSamples)"))
    }
    if let ratio = node["ratio"], let value = integer(ratio) {
      if value > 1000 { problems.append(ratio.problem("'ratio': \(value) is more than 1000 a step")) }
      options.ratio = value
    }
    if let memory = node["memory"]?.text.flatMap(ReplayOptions.Memory.init) { options.memory = memory }
    return options
  }

  /// Steps of a window: a plan refuses what does not fit, but 2^20 fit nowhere.
  private mutating func window(_ node: ConfigurationNode?) -> Int? {
    guard let node, let value = positive(node, "window") else { return nil }
    if value > 1 << 20 { problems.append(node.problem("'window': \(value) is more than 1048576 steps")) }
    return value
  }

  mutating func data(_ node: ConfigurationNode?) -> DataSettings? {
    guard let node, node.text == nil else { return nil }
    var settings = DataSettings(path: filled(node["path"], "path"))
    settings.labelColumn = node["label_column"]?.text
    let heldOut = node["held_out"]
    exclusive(heldOut, ["every", "fraction", "last"])
    if let every = heldOut?["every"], let count = integer(every) {
      if count < 2 { problems.append(every.problem("'every': \(count) is not 2 or more")) }
      settings.heldOut = .every(count)
    }
    if let last = positive(heldOut?["last"], "last") { settings.heldOut = .last(last) }
    if let share = decimal(heldOut?["fraction"], "fraction", "between 0 and 1", where: { $0 > 0 && $0 < 1 }) {
      settings.heldOut = .fraction(share)
    }
    return settings
  }

  mutating func preprocessing(_ node: ConfigurationNode?) -> PreprocessingSettings {
    var settings = PreprocessingSettings()
    settings.resize = positive(node?["resize"], "resize")
    settings.crop = crop(node?["crop"])
    settings.channels = node?["channels"]?.choice()
    settings.layout = node?["layout"]?.choice() ?? .channelsFirst
    settings.pixelMinus = integer(node?["pixel_minus"])
    for key in ["mean", "deviation", "scale", "zero_point"] { exclusive(node, ["pixel_minus", key]) }
    if let mean = numbers(node?["mean"], "mean") { settings.mean = mean }
    if let deviation = numbers(node?["deviation"], "deviation", above: 0) { settings.deviation = deviation }
    settings.scale = decimal(node?["scale"], "scale", "a number above 0") { $0 > 0 }
    let zeroPoint = decimal(node?["zero_point"], "zero_point", "a whole number in -128 ... 127") {
      (-128...127).contains($0) && $0 == $0.rounded()
    }
    settings.zeroPoint = zeroPoint.map { Int($0) }
    return settings
  }

  /// One number, or a list of them.
  private mutating func numbers(_ node: ConfigurationNode?, _ key: String, above limit: Double = -.infinity)
    -> [Double]?
  {
    guard let node else { return nil }
    let rule = limit.isFinite ? "a number above \(Int(limit))" : "a finite number"
    let nodes = node.text == nil ? node.elements : [node]
    if nodes.isEmpty { problems.append(node.problem("'\(key)' has no number")) }
    return nodes.compactMap { decimal($0, key, rule) { $0 > limit } }
  }

  /// `128x96`, or `128` for a square.
  private mutating func crop(_ node: ConfigurationNode?) -> PreprocessingSettings.Crop? {
    guard let node, let text = node.text else { return nil }
    let sides = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard let width = sides.first ?? nil, let height = sides.last ?? nil, sides.count <= 2, width > 0,
      height > 0
    else {
      problems.append(node.problem("'crop': '\(text)' is not a size in pixels such as 128x128"))
      return nil
    }
    return PreprocessingSettings.Crop(width: width, height: height)
  }
}
