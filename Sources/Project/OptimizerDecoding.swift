import Boards
import Compiler

/// The keys below `optimizer`.
extension ProjectValues {
  mutating func optimizer(_ node: ConfigurationNode?) -> OptimizerSettings {
    var settings = OptimizerSettings()
    exclusive(node, ["rate", "lr256"])
    let rule = "a learning rate above 0"
    if let rate = decimal(node?["rate"], "rate", rule, where: { $0 > 0 }) { settings.rate = .perStep(rate) }
    if let rate = decimal(node?["lr256"], "lr256", rule, where: { $0 > 0 }) { settings.rate = .per256(rate) }
    if let epochs = positive(node?["epochs"], "epochs") { settings.epochs = epochs }
    if let seed = integer(node?["seed"]) { settings.seed = UInt64(seed) }
    settings.schedule = schedule(node)
    let share = "a share of the velocity: 0 or more, below 1"
    settings.momentum = decimal(node?["momentum"], "momentum", share, where: { $0 >= 0 && $0 < 1 }) ?? 0
    settings.clip = clip(node?["clip"])
    if let samples = stepCount(node?["accumulate"], "accumulate") { settings.accumulate = samples }
    for entry in node?["rates"]?.entries ?? [] {
      settings.rates[entry.key] = decimal(entry.value, entry.key, "a factor above 0", where: { $0 > 0 })
    }
    return settings
  }

  private mutating func schedule(_ node: ConfigurationNode?) -> ScheduleSettings {
    var settings = ScheduleSettings(node?["schedule"]?.choice() ?? .constant)
    if let warmUp = integer(node?["warm_up"]) { settings.warmUp = min(warmUp, Int(Int32.max)) }
    settings.steps = stepCount(node?["steps"], "steps")
    settings.every = stepCount(node?["every"], "every")
    let rule = "a factor above 0, at most 1"
    if let factor = decimal(node?["factor"], "factor", rule, where: { $0 > 0 && $0 <= 1 }) {
      settings.factor = factor
    }
    for (key, kind) in [("steps", ScheduleSettings.Kind.cosine), ("every", .step), ("factor", .step)] {
      guard let value = node?[key], settings.kind != kind else { continue }
      problems.append(value.problem("'\(key)' belongs to 'schedule: \(kind.rawValue)'"))
    }
    if settings.kind == .step, node?["every"] == nil, let node {
      problems.append(
        node.problem("'every' is missing: 'schedule: step' changes the rate every so many steps"))
    }
    return settings
  }

  private mutating func clip(_ node: ConfigurationNode?) -> Optimizer.Clip? {
    guard let node else { return nil }
    exclusive(node, ["norm", "value"])
    if let limit = decimal(node["norm"], "norm", "a number above 0", where: { $0 > 0 }) {
      return .norm(limit)
    }
    return decimal(node["value"], "value", "a number above 0") { $0 > 0 }.map { .value($0) }
  }

  /// 1 or more, in the 31 bits that a kernel has for it.
  private mutating func stepCount(_ node: ConfigurationNode?, _ key: String) -> Int? {
    guard let node, let value = positive(node, key) else { return nil }
    if value > Int32.max { problems.append(node.problem("'\(key)': \(value) is more than \(Int32.max)")) }
    return value
  }
}
