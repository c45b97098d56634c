import Boards
import Compiler
import Operators

/// The keys of `tinysdk.yml`.
enum ProjectSchema {
  /// The shape that this file has to have: some keys take a value or keys of their own.
  static func shape(for node: ConfigurationNode) -> ConfigurationShape {
    .mapping([
      ConfigurationField("schema", .choice([String(Project.schema)]), required: true),
      ConfigurationField("name", .text, required: true),
      ConfigurationField("model", .text, required: true),
      ConfigurationField("classes", classes(node["classes"])),
      ConfigurationField("head", .choice(Project.Head.allCases.map(\.rawValue))),
      ConfigurationField("board", .text, required: true),
      ConfigurationField("toolchain", .text),
      ConfigurationField("update", update(node["update"])),
      ConfigurationField("residual", .choice(Residual.allCases.map(\.rawValue))),
      ConfigurationField("gradients", .choice(GradientType.allCases.map(\.rawValue))),
      ConfigurationField("qas", .choice(QuantizationAwareScaling.allCases.map(\.rawValue))),
      ConfigurationField("rounding", .choice(Rounding.allCases.map(\.rawValue))),
      ConfigurationField("loss", .choice(Loss.allCases.map(\.rawValue))),
      ConfigurationField("optimize", .choice(KernelGoal.allCases.map(\.rawValue))),
      ConfigurationField("keep_input", .flag),
      ConfigurationField("stack_bytes", .number(.bytes)),
      ConfigurationField("optimizer", .mapping(optimizer)),
      ConfigurationField("evaluation", .mapping([ConfigurationField("window", .number(.count))])),
      ConfigurationField("guard", .mapping(learningGuard)),
      ConfigurationField("replay", .mapping(replay)),
      ConfigurationField("data", .mapping(data)),
      ConfigurationField("preprocessing", preprocessing(node["preprocessing"])),
      ConfigurationField("plugins", .list(.text)),
    ])
  }

  private static let optimizer = [
    ConfigurationField("rate", .text),
    ConfigurationField("lr256", .text),
    ConfigurationField("batch", .choice(["1"])),
    ConfigurationField("epochs", .number(.count)),
    ConfigurationField("seed", .number(.count)),
    ConfigurationField("schedule", .choice(ScheduleSettings.Kind.allCases.map(\.rawValue))),
    ConfigurationField("warm_up", .number(.count)),
    ConfigurationField("steps", .number(.count)),
    ConfigurationField("every", .number(.count)),
    ConfigurationField("factor", .text),
    ConfigurationField("momentum", .text),
    ConfigurationField(
      "clip", .mapping([ConfigurationField("norm", .text), ConfigurationField("value", .text)])),
    ConfigurationField("accumulate", .number(.count)),
    ConfigurationField("rates", .table(.text)),
  ]

  private static let learningGuard = [
    ConfigurationField("window", .number(.count)),
    ConfigurationField("measure", .choice(GuardOptions.Measure.allCases.map(\.rawValue))),
    ConfigurationField("worse", .text),
    ConfigurationField("better", .text),
  ]

  private static let replay = [
    ConfigurationField("samples", .number(.count), required: true),
    ConfigurationField("ratio", .number(.count)),
    ConfigurationField("memory", .choice(ReplayOptions.Memory.allCases.map(\.rawValue))),
  ]

  private static let data = [
    ConfigurationField("path", .text, required: true),
    ConfigurationField("label_column", .text),
    ConfigurationField(
      "held_out",
      .mapping([
        ConfigurationField("every", .number(.count)),
        ConfigurationField("fraction", .text),
        ConfigurationField("last", .number(.count)),
      ])),
  ]

  private static func classes(_ node: ConfigurationNode?) -> ConfigurationShape {
    node.isList ? .list(.text) : .number(.count)
  }

  private static func update(_ node: ConfigurationNode?) -> ConfigurationShape {
    guard let node, node.text == nil else { return .text }
    return .mapping([
      ConfigurationField("biases", node["biases"].isList ? .list(.text) : .number(.count), required: true),
      ConfigurationField(
        "weights",
        .mapping(
          (node["weights"]?.entries ?? []).map {
            ConfigurationField($0.key, Optional($0.value).isList ? .list(.number(.count)) : .text)
          })),
    ])
  }

  private static func preprocessing(_ node: ConfigurationNode?) -> ConfigurationShape {
    func numbers(_ key: String) -> ConfigurationShape { (node?[key]).isList ? .list(.text) : .text }
    return .mapping([
      ConfigurationField("resize", .number(.count)),
      ConfigurationField("crop", .text),
      ConfigurationField("channels", .choice(PreprocessingSettings.Channels.allCases.map(\.rawValue))),
      ConfigurationField("layout", .choice(PreprocessingSettings.Layout.allCases.map(\.rawValue))),
      ConfigurationField("pixel_minus", .choice(["128"])),
      ConfigurationField("mean", numbers("mean")),
      ConfigurationField("deviation", numbers("deviation")),
      ConfigurationField("scale", .text),
      ConfigurationField("zero_point", .text),
    ])
  }
}

extension ConfigurationNode? {
  fileprivate var isList: Bool {
    if case .list? = self?.content { true } else { false }
  }
}
