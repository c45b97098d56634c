import Compiler
import ImageBuild
import Training

/// What a search found.
package struct SearchReport: Sendable, Equatable, Codable {
  /// A scheme that was trained.
  package struct Row: Sendable, Equatable, Codable {
    /// `searched-1` …, `random`, or a published scheme's name.
    package var name: String
    package var scheme: UpdateScheme
    /// The summed contribution of its parts, by `measure`; nil where a part was not analysed.
    package var score: Double?
    package var sramBytes: Int
    /// Of one training step; nil on a board without an emulator.
    package var instructions: Int?
    /// On the training samples, each tested by a training on the four fifths it is not in (5-fold
    /// cross-validation), 0 ... 1.
    package var accuracy: Double
    package var isWithinBudget: Bool
    /// No other row is better in accuracy, memory and instructions at once.
    package var isOnFront: Bool
    /// Trained on all training samples, on the held-out ones; of the chosen scheme and the published ones.
    package var heldOutAccuracy: Double?

    package init(
      name: String, scheme: UpdateScheme, score: Double? = nil, sramBytes: Int, instructions: Int? = nil,
      accuracy: Double, isWithinBudget: Bool, isOnFront: Bool = false
    ) {
      (self.name, self.scheme, self.score) = (name, scheme, score)
      (self.sramBytes, self.instructions, self.accuracy) = (sramBytes, instructions, accuracy)
      (self.isWithinBudget, self.isOnFront) = (isWithinBudget, isOnFront)
    }
  }

  package var project: String
  package var board: String
  package var budget: SchemeBudget
  /// What the contributions are counted in.
  package var measure: Contribution.Measure
  /// Schemes planned by the search and by the random search beside it.
  package var planned: Int
  /// The best score of either.
  package var searchedScore: Double
  package var randomScore: Double?
  package var rows: [Row]
  /// The name of the row that was chosen.
  package var chosen: String
  /// The project file, where the chosen scheme was written into it.
  package var written: String?
  package var chartFile: String

  package var text: String {
    let cells = rows.map(cells)
    let headings = [
      "scheme", "learns", "score", "SRAM", "instructions", "accuracy", "Pareto", "held out",
    ]
    let limit = budget.instructions.map { " and \(grouped($0)) instructions" } ?? ""
    let random = randomScore.map { ", at random \(score($0))" } ?? ""
    return [
      textTable(headings, cells), "",
      "* chosen within \(grouped(budget.sramBytes)) B\(limit) on \(board); ! above that budget",
      "\(planned) plans; best summed contribution: \(measure.rawValue) searched \(score(searchedScore))\(random)",
      written.map { "wrote the scheme into \($0)" } ?? "the project keeps its scheme",
      "wrote \(chartFile)",
    ].joined(separator: "\n")
  }

  private func score(_ value: Double) -> String {
    measure == .accuracy ? points(value) : number(value, 4)
  }

  private func cells(_ row: Row) -> [String] {
    let memory = grouped(row.sramBytes) + (row.isWithinBudget ? "" : " !")
    return [
      row.name + (row.name == chosen ? " *" : ""), row.scheme.summary, row.score.map(score) ?? "", memory,
      row.instructions.map { grouped($0) } ?? "", percent(row.accuracy), row.isOnFront ? "yes" : "",
      row.heldOutAccuracy.map(percent) ?? "",
    ]
  }
}

extension UpdateScheme {
  /// `biases 20, 24: 25 %, 27: 50 %`.
  package var summary: String {
    let shares = weights.sorted { $0.key < $1.key }.map { layer, channels in
      switch channels {
      case .fraction(let share): "\(layer): \(number(100 * share, share < 0.25 ? 1 : 0)) %"
      case .list(let list): "\(layer): \(list.count) ch"
      }
    }
    return (["biases \(biases.count)"] + shares).joined(separator: ", ")
  }
}
