/// What the parts of a search space take when each stands for itself.
struct PartBytes: Sendable, Equatable {
  /// By the number of last layers whose biases learn: everything but weights that learn.
  var biases: [Int: Int]
  /// By layer and position in the space's list of fractions: above the biases alone.
  var weights: [Int: [Int]]
}

extension SchemeSpace {
  /// The genomes that tell what each part takes: every number of biases, and every share of every layer's
  /// weights above the most of them.
  var parts: [SchemeGenome] {
    (0...largestBiasCount).map(biases) + weightLayers.flatMap { layer in shares(of: layer) }
  }

  private func biases(_ count: Int) -> SchemeGenome { repaired(SchemeGenome(biases: count)) }

  private func shares(of layer: Int) -> [SchemeGenome] {
    (fractions[layer] ?? []).indices.map {
      repaired(SchemeGenome(biases: largestBiasCount, weights: [layer: $0]))
    }
  }

  /// The bytes of the parts, from the plans of `parts`; of a part that cannot be planned, more than there are.
  func partBytes(_ bytes: (SchemeGenome) -> Int?) -> PartBytes {
    let tooMany = Int.max / 4
    var found = PartBytes(biases: [:], weights: [:])
    for count in 0...largestBiasCount { found.biases[count] = bytes(biases(count)) ?? tooMany }
    let alone = bytes(biases(largestBiasCount)) ?? 0
    for layer in weightLayers {
      found.weights[layer] = shares(of: layer).map { bytes($0).map { max(0, $0 - alone) } ?? tooMany }
    }
    return found
  }

  /// For every number of biases the genome of largest score whose parts' bytes add up to at most `budget`,
  /// the best score first: a multiple-choice knapsack, by dynamic programming over equal steps of memory.
  ///
  /// Plans do not add up exactly (a part may use memory that another has already freed), so what this finds
  /// is where a search starts.
  func fullest(_ bytes: PartBytes, budget: Int) -> [SchemeGenome] {
    let found = bytes.biases.keys.sorted().compactMap { count -> SchemeGenome? in
      guard let taken = bytes.biases[count], taken <= budget else { return nil }
      return fullest(biases: count, bytes, room: budget - taken)
    }
    return found.map { ($0, score($0)) }.sorted { ($0.1, $1.0.biases) > ($1.1, $0.0.biases) }.map(\.0)
  }

  private func fullest(biases: Int, _ bytes: PartBytes, room: Int) -> SchemeGenome {
    let steps = 1024
    let step = max(1, (room + steps - 1) / steps)
    let open = weightLayers.filter { $0 >= layers.count - biases }
    // best[u]: the largest gain in u steps of memory from the layers so far; chosen: by which share, 0 none.
    var best = [Double](repeating: 0, count: steps + 1)
    var chosen: [[Int]] = []
    for layer in open {
      let shares = zip(fractions[layer] ?? [], bytes.weights[layer] ?? []).map { share, taken in
        (
          steps: (taken + step - 1) / step,
          gain: contribution.gain(biases: 0, weights: [layer: share], measure)
        )
      }
      var (next, choice) = (best, [Int](repeating: 0, count: steps + 1))
      for (position, share) in shares.enumerated() where share.steps <= steps && share.steps * step <= room {
        for used in share.steps...steps where best[used - share.steps] + share.gain > next[used] {
          next[used] = best[used - share.steps] + share.gain
          choice[used] = position + 1
        }
      }
      (best, chosen) = (next, chosen + [choice])
    }
    var genome = SchemeGenome(biases: biases)
    var left = room / step
    for (layer, choice) in zip(open, chosen).reversed() where choice[left] > 0 {
      genome.weights[layer] = choice[left] - 1
      left -= ((bytes.weights[layer] ?? [])[choice[left] - 1] + step - 1) / step
    }
    return repaired(genome)
  }
}
