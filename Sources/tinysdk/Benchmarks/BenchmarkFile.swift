import Boards
import Compiler
import Operators

/// What is measured, with the peers' figures for the same work: `Benchmarks/benchmarks.yml`.
package struct BenchmarkFile: Equatable, Sendable {
  /// A project that is built in several ways.
  package struct Network: Equatable, Sendable {
    package var name: String
    /// The project's folder, as seen from the file's.
    package var project: String
    package var builds: [BuildSettings]
    package var peers: [Peer]
  }

  /// What another engine needs for a network.
  package struct Peer: Equatable, Sendable, Codable {
    package var name: String
    package var core: String
    package var gradients: String
    /// Instructions; `nil` where they are not known.
    package var inference: Int?
    package var step: Int
    /// Bytes; `nil` where they are not known.
    package var sram: Int?
    package var flash: Int?
  }

  /// Where kernels are measured.
  package var boards: [String]
  package var kernels: [KernelShape]
  package var networks: [Network]
  /// The folder that it lies in.
  package var folder: String

  private static let shape = ConfigurationShape.mapping([
    ConfigurationField("schema", .choice(["1"]), required: true),
    ConfigurationField("boards", .list(.text), required: true),
    ConfigurationField("kernels", .named(kernel), required: true),
    ConfigurationField("networks", .named(network), required: true),
  ])

  private static let kernel = [
    ConfigurationField("name", .text, required: true),
    ConfigurationField("operator", .choice(KernelShape.Operator.allCases.map(\.rawValue)), required: true),
    ConfigurationField("input", .list(.number(.count)), required: true),
    ConfigurationField("outputs", .number(.count)),
    ConfigurationField("kernel", .number(.count)),
    ConfigurationField("stride", .number(.count)),
    ConfigurationField(
      "peers",
      .named([
        ConfigurationField("name", .text, required: true),
        ConfigurationField("instructions", .table(.number(.count)), required: true),
      ])),
  ]

  private static let network = [
    ConfigurationField("name", .text, required: true),
    ConfigurationField("project", .text, required: true),
    ConfigurationField("builds", .list(.mapping(build)), required: true),
    ConfigurationField("peers", .named(peer)),
  ]

  private static let build = [
    ConfigurationField("board", .text, required: true),
    ConfigurationField("rounding", .choice(Rounding.allCases.map(\.rawValue))),
    ConfigurationField("gradients", .choice(GradientType.allCases.map(\.rawValue))),
    ConfigurationField("optimize", .choice(KernelGoal.allCases.map(\.rawValue))),
    ConfigurationField("backends", .text),
  ]

  private static let peer = [
    ConfigurationField("name", .text, required: true),
    ConfigurationField("core", .text, required: true),
    ConfigurationField("gradients", .text, required: true),
    ConfigurationField("inference", .number(.count)),
    ConfigurationField("step", .number(.count), required: true),
    ConfigurationField("sram", .number(.bytes)),
    ConfigurationField("flash", .number(.bytes)),
  ]

  /// Reads the file.
  /// - Throws: `ConfigurationError` with every problem in it.
  package init(path: String) throws(ConfigurationError) {
    let node = try ConfigurationNode(contentsOf: path)
    var problems = Self.shape.problems(in: node, key: "", complete: true)
    guard problems.isEmpty else { throw ConfigurationError(problems) }
    boards = node["boards"]?.texts ?? []
    kernels = (node["kernels"]?.elements ?? []).map(KernelShape.init)
    networks = (node["networks"]?.elements ?? []).map(Network.init)
    folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    for (kernel, node) in zip(kernels, node["kernels"]?.elements ?? []) {
      if let problem = kernel.problem { problems.append(node.problem("'\(kernel.name)': \(problem)")) }
    }
    guard problems.isEmpty else { throw ConfigurationError(problems) }
  }
}

extension BenchmarkFile.Network {
  fileprivate init(_ node: ConfigurationNode) {
    self.init(
      name: node["name"]?.text ?? "", project: node["project"]?.text ?? "",
      builds: (node["builds"]?.elements ?? []).map(BuildSettings.init),
      peers: (node["peers"]?.elements ?? []).map(BenchmarkFile.Peer.init))
  }
}

extension BuildSettings {
  fileprivate init(_ node: ConfigurationNode) {
    self.init(
      board: node["board"]?.text, gradients: node["gradients"]?.text.flatMap(GradientType.init),
      rounding: node["rounding"]?.text.flatMap(Rounding.init),
      backends: node["backends"]?.text.map { $0.split(separator: ",").map(String.init) },
      optimize: node["optimize"]?.text.flatMap(KernelGoal.init))
  }
}

extension BenchmarkFile.Peer {
  fileprivate init(_ node: ConfigurationNode) {
    self.init(
      name: node["name"]?.text ?? "", core: node["core"]?.text ?? "",
      gradients: node["gradients"]?.text ?? "", inference: node["inference"]?.count,
      step: node["step"]?.count ?? 0, sram: node["sram"]?.count, flash: node["flash"]?.count)
  }
}

extension ConfigurationNode {
  /// The whole number that stands here.
  package var count: Int? { text.flatMap(Quantity.bytes.parse).flatMap { Int(exactly: $0) } }
}
