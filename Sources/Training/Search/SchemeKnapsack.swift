/// What the parts of a search space take when each stands for itself.
struct PartBytes: Sendable, Equatable {
  /// By the first layer of which anything learns: the head and the way back to there, with nothing learning on
  /// it. Under `Int.max`, the head alone.
  var depths: [Int: Int]
  /// By layer: its bias.
  var biases: [Int: Int]
  /// By layer and position in the space's list of fractions.
  var weights: [Int: [Int]]
}

extension SchemeSpace {
  /// The genomes that tell what each part takes: all biases from each layer on, all without each one, and every
  /// share of every layer's weights beside all biases.
  var parts: [SchemeGenome] {
    [SchemeGenome()] + openLayers.map(tail) + biasLayers.map(without)
      + weightLayers.flatMap { layer in shares(of: layer) }
  }

  private var all: Set<Int> { Set(biasLayers) }

  /// All biases from a layer on. A layer that has none learns its smallest share instead, so that the way back
  /// leads to it.
  private func tail(from layer: Int) -> SchemeGenome {
    SchemeGenome(biases: biases(from: layer), weights: all.contains(layer) ? [:] : [layer: 0])
  }

  private func without(_ layer: Int) -> SchemeGenome { SchemeGenome(biases: all.subtracting([layer])) }

  private func shares(of layer: Int) -> [SchemeGenome] {
    (fractions[layer] ?? []).indices.map { SchemeGenome(biases: all, weights: [layer: $0]) }
  }

  /// The bytes of the parts, from the plans of `parts`; of a part that cannot be planned, more than there are.
  func partBytes(_ bytes: (SchemeGenome) -> Int?) -> PartBytes {
    let tooMany = Int.max / 4
    let everything = bytes(SchemeGenome(biases: all)) ?? 0
    var found = PartBytes(depths: [:], biases: [:], weights: [:])
    for layer in biasLayers {
      // Freezing the first of them may also shorten the way back, which is no part of the bias.
      let next = bytes(without(layer)) ?? everything
      found.biases[layer] = max(0, everything - next)
    }
    for layer in weightLayers {
      found.weights[layer] = shares(of: layer).map { genome in
        bytes(genome).map { max(0, $0 - everything) } ?? tooMany
      }
    }
    found.depths[.max] = bytes(SchemeGenome()) ?? tooMany
    for layer in openLayers {
      guard let whole = bytes(tail(from: layer)) else {
        found.depths[layer] = tooMany
        continue
      }
      let biases = biases(from: layer).reduce(0) { $0 + (found.biases[$1] ?? 0) }
      let share = all.contains(layer) ? 0 : found.weights[layer]?.first ?? 0
      found.depths[layer] = max(0, whole - biases - share)
    }
    return found
  }

  /// For every first layer the genome of largest score whose parts' bytes add up to at most `budget`, the best
  /// score first: a multiple-choice knapsack, by dynamic programming over equal steps of memory.
  ///
  /// Plans do not add up exactly (a part may use memory that another has already freed), so what this finds
  /// is where a search starts.
  func fullest(_ bytes: PartBytes, budget: Int) -> [SchemeGenome] {
    let found = bytes.depths.keys.sorted(by: >).compactMap { first -> SchemeGenome? in
      guard let taken = bytes.depths[first], taken <= budget else { return nil }
      return fullest(from: first, bytes, room: budget - taken)
    }
    return found.enumerated().map { (score($1), $0, $1) }
      .sorted { ($0.0, $1.1) > ($1.0, $0.1) }.map(\.2)
  }

  private func fullest(from first: Int, _ bytes: PartBytes, room: Int) -> SchemeGenome {
    let steps = 1024
    let step = max(1, (room + steps - 1) / steps)
    func sized(_ taken: Int, _ gain: Double) -> Choice {
      Choice(steps: (taken + step - 1) / step, gain: gain)
    }
    var items: [(layer: Int, isBias: Bool, choices: [Choice])] = []
    for layer in biasLayers where layer >= first {
      items.append((layer, true, [sized(bytes.biases[layer] ?? 0, worth.biases[layer] ?? 0)]))
    }
    for layer in weightLayers where layer >= first {
      let choices = zip(fractions[layer] ?? [], bytes.weights[layer] ?? []).map { share, taken in
        sized(taken, worth.weights[layer]?[share] ?? 0)
      }
      items.append((layer, false, choices))
    }
    var genome = SchemeGenome()
    for (item, choice) in zip(items, chosen(items.map(\.choices), room: room / step)) {
      guard let choice else { continue }
      if item.isBias { genome.biases.insert(item.layer) } else { genome.weights[item.layer] = choice }
    }
    return genome
  }
}

/// One way to take an item of a knapsack.
private struct Choice {
  var steps: Int
  var gain: Double
}

/// Of each item one choice or none, so that their gains add up to the most and their steps to at most `room`.
private func chosen(_ items: [[Choice]], room: Int) -> [Int?] {
  // best[u]: the largest gain in u steps from the items so far; taken: by which choice.
  var best = [Double](repeating: 0, count: room + 1)
  var taken: [[Int?]] = []
  for choices in items {
    var (next, choice) = (best, [Int?](repeating: nil, count: room + 1))
    for (position, option) in choices.enumerated() where option.steps <= room {
      for used in option.steps...room where best[used - option.steps] + option.gain > next[used] {
        next[used] = best[used - option.steps] + option.gain
        choice[used] = position
      }
    }
    (best, taken) = (next, taken + [choice])
  }
  var left = room
  var found = [Int?](repeating: nil, count: items.count)
  for index in items.indices.reversed() {
    guard let choice = taken[index][left] else { continue }
    found[index] = choice
    left -= items[index][choice].steps
  }
  return found
}
