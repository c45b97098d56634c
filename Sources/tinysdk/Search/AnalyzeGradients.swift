import Training

/// How large gradients are, tensor by tensor.
package struct GradientReport: Sendable, Equatable, Codable {
  /// One tensor.
  package struct Row: Sendable, Equatable, Codable {
    package var layer: Int
    package var name: String
    package var isBias: Bool
    /// The squared norm of the samples' mean gradient, estimated without the samples' own noise.
    package var signal: Double
    /// The mean of the samples' squared norms.
    package var power: Double
  }

  package var project: String
  /// Samples from which the head learned first, and samples that were measured.
  package var headSamples: Int
  package var samples: Int
  package var rows: [Row]

  package var text: String {
    let cells = rows.map { row in
      [
        "\(row.layer)", row.name, row.isBias ? "bias" : "weights", number(row.signal, 5),
        number(row.power, 4),
      ]
    }
    return [
      textTable(["layer", "name", "tensor", "common gradient", "per sample"], cells), "",
      "squared norms of gradients of the real-valued parameters, behind a head that learned from \(headSamples)"
        + " samples; over \(samples) samples",
      "a first step of rate r lowers the loss by r times the sum over what it updates",
    ].joined(separator: "\n")
  }
}

/// Measures the gradients of the last layers' parameters.
/// - Parameter depth: of so many layers; nil takes three fifths of them.
/// - Throws: as `SchemeWorkbench.gradientMagnitudes`.
func analyzeGradients(_ bench: SchemeWorkbench, depth: Int?, headSamples: Int, samples: Int) async throws
  -> GradientReport
{
  let found = try await bench.gradientMagnitudes(
    depth: depth ?? bench.searchedDepth, warmUp: headSamples, count: samples)
  let rows = found.map { entry in
    GradientReport.Row(
      layer: entry.layer, name: bench.layers[entry.layer].name, isBias: entry.isBias,
      signal: entry.signal.reduce(0, +), power: entry.power.reduce(0, +))
  }
  return GradientReport(
    project: bench.workspace.project.name, headSamples: headSamples, samples: samples,
    rows: rows.sorted { ($0.layer, $0.isBias ? 1 : 0) < ($1.layer, $1.isBias ? 1 : 0) })
}
