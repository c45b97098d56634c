import Compiler

/// How hard to search.
public struct SearchSettings: Sendable, Equatable, Codable {
  /// Schemes that live at a time.
  public var population: Int
  public var generations: Int
  /// Schemes that are trained in the end.
  public var verified: Int
  public var seed: UInt64
  public var measure: Contribution.Measure
  /// How many times the worth of biases is measured again beside the best scheme so far.
  public var refinements: Int

  public init(
    population: Int = 48, generations: Int = 24, verified: Int = 6, seed: UInt64 = 1,
    measure: Contribution.Measure = .loss, refinements: Int = 1
  ) {
    self.population = population
    self.generations = generations
    self.verified = verified
    self.seed = seed
    self.measure = measure
    self.refinements = refinements
  }
}

/// A scheme that the search considered.
public struct SearchedScheme: Sendable, Equatable, Codable {
  public var scheme: UpdateScheme
  /// The summed worth of its parts.
  public var score: Double
  public var cost: SchemeCost
}

/// What a search went through.
public struct SearchOutcome: Sendable, Equatable, Codable {
  /// Within the budget, best score first, no two alike.
  public var best: [SearchedScheme]
  /// The best of as many schemes drawn at random.
  public var random: SearchedScheme?
  /// Schemes planned by either.
  public var planned: Int
  /// What the parts are worth that the scores add up.
  public var worth: PartWorth
}

/// Evolutionary search for the scheme of largest summed contribution within a budget ("On-Device Training
/// Under 256KB Memory", section 3.2, equation 3), every memory figure being a real plan's.
///
/// It starts from what fits best if the memory of parts simply added up, and from chance. Because biases and
/// weights stand in for each other, the worth of parts is then corrected beside the best scheme found, and the
/// search goes on with that. Beside it runs a random search with as many plans. The same arguments give the same outcome.
/// - Parameters:
///   - worth: of every part that may learn.
///   - cost: plans a scheme; nil for one that cannot be planned.
///   - refine: a better worth of the same parts, seen beside a scheme; asked `settings.refinements` times.
///   - progress: told how many schemes have been planned, and of how many at most.
/// - Throws: what `cost` and `refine` throw, `CancellationError`.
public func searchScheme(
  _ worth: PartWorth, budget: SchemeBudget, _ settings: SearchSettings, jobs: Int,
  cost: @escaping @Sendable (UpdateScheme) throws -> SchemeCost?,
  refine: (_ worth: PartWorth, _ beside: UpdateScheme) async throws -> PartWorth = { worth, _ in worth },
  progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
) async throws -> SearchOutcome {
  let space = SchemeSpace(worth)
  let rounds = settings.refinements + 1
  var evolution = Evolution(
    space: space, budget: budget, jobs: jobs,
    total: 2 * (settings.population * rounds * (settings.generations + 1) + space.parts.count),
    cost: cost, progress: progress)
  var evolved = try await evolution.evolve(settings)
  for _ in 0..<settings.refinements {
    guard let best = evolved.first else { break }
    evolution.space.worth = try await refine(evolution.space.worth, space.scheme(best))
    evolved = try await evolution.evolve(settings)
  }
  let planned = evolution.costs.count
  let random = try await evolution.drawAtRandom(count: planned, seed: settings.seed &+ 0x9E37)
  return SearchOutcome(
    best: evolved.compactMap(evolution.searched), random: random.flatMap(evolution.searched),
    planned: evolution.costs.count, worth: evolution.space.worth)
}

private struct Evolution {
  var space: SchemeSpace
  let budget: SchemeBudget
  let jobs: Int
  let total: Int
  let cost: @Sendable (UpdateScheme) throws -> SchemeCost?
  let progress: @Sendable (Int, Int) -> Void
  /// Every scheme planned so far; nil for one that cannot be.
  private(set) var costs: [SchemeGenome: SchemeCost?] = [:]

  init(
    space: SchemeSpace, budget: SchemeBudget, jobs: Int, total: Int,
    cost: @escaping @Sendable (UpdateScheme) throws -> SchemeCost?,
    progress: @escaping @Sendable (Int, Int) -> Void
  ) {
    self.space = space
    self.budget = budget
    self.jobs = jobs
    self.total = total
    self.cost = cost
    self.progress = progress
  }

  func searched(_ genome: SchemeGenome) -> SearchedScheme? {
    guard let cost = costs[genome].flatMap({ $0 }) else { return nil }
    return SearchedScheme(scheme: space.scheme(genome), score: space.score(genome), cost: cost)
  }

  /// Genomes that would fill the budget, and shares of it, if the memory of parts added up; at most half a
  /// population.
  private mutating func fillings(_ settings: SearchSettings) async throws -> [SchemeGenome] {
    try await plan(space.parts)
    let bytes = space.partBytes { costs[$0].flatMap { $0 }?.sramBytes }
    let least = bytes.depths.values.min() ?? 0
    let shares = [1, 0.95, 0.9, 0.8, 0.7, 0.5]
    let each = max(1, settings.population / (2 * shares.count))
    return shares.flatMap { share in
      let room = Double(max(0, budget.sramBytes - least)) * share
      return space.fullest(bytes, budget: least + Int(room)).prefix(each)
    }
  }

  /// The genomes within the budget that were ever alive, best score first.
  mutating func evolve(_ settings: SearchSettings) async throws -> [SchemeGenome] {
    var generator = SplitMix64(state: settings.seed)
    var population = [SchemeGenome()]
    population += try await fillings(settings)
    // What earlier rounds found.
    population += survivors(of: Array(costs.keys), count: settings.population / 4).filter(isWithinBudget)
    while population.count < settings.population { population.append(space.random(using: &generator)) }
    try await plan(population)
    for _ in 0..<settings.generations {
      let parents = survivors(of: population, count: max(2, settings.population / 4))
      population = parents
      while population.count < settings.population {
        let one = parents[generator.below(parents.count)]
        let other = parents[generator.below(parents.count)]
        let child = space.crossed(one, other, using: &generator)
        population.append(space.mutated(child, using: &generator))
      }
      try await plan(population)
    }
    return survivors(of: Array(costs.keys), count: costs.count).filter(isWithinBudget)
  }

  /// The best of `count` random genomes within the budget.
  mutating func drawAtRandom(count: Int, seed: UInt64) async throws -> SchemeGenome? {
    var generator = SplitMix64(state: seed)
    var drawn: Set<SchemeGenome> = []
    for _ in 0..<(4 * count) where drawn.count < count { drawn.insert(space.random(using: &generator)) }
    try await plan(ordered(drawn))
    return survivors(of: Array(drawn), count: 1).first(where: isWithinBudget)
  }

  private func isWithinBudget(_ genome: SchemeGenome) -> Bool {
    costs[genome].flatMap { $0 }.map(budget.allows) ?? false
  }

  /// Those within the budget by score, then the others by how little memory they take.
  private func survivors(of genomes: [SchemeGenome], count: Int) -> [SchemeGenome] {
    let ranked = ordered(Set(genomes)).map { genome in
      (genome, isWithinBudget(genome), space.score(genome), costs[genome].flatMap { $0 }?.sramBytes ?? .max)
    }.sorted { one, other in
      if one.1 != other.1 { return one.1 }
      return one.1 ? (one.2, other.3) > (other.2, one.3) : one.3 < other.3
    }
    return ranked.prefix(count).map(\.0)
  }

  /// In an order that does not hang on hash values.
  private func ordered(_ genomes: Set<SchemeGenome>) -> [SchemeGenome] {
    genomes.map { ($0, space.scheme($0).canonicalText) }.sorted { $0.1 < $1.1 }.map(\.0)
  }

  private mutating func plan(_ genomes: [SchemeGenome]) async throws {
    var waiting = ordered(Set(genomes.filter { costs[$0] == nil })).makeIterator()
    let (space, cost) = (space, cost)
    try await withThrowingTaskGroup(of: (SchemeGenome, SchemeCost?).self) { group in
      func start(_ genome: SchemeGenome) {
        group.addTask { (genome, try cost(space.scheme(genome))) }
      }
      for _ in 0..<max(1, jobs) { if let genome = waiting.next() { start(genome) } }
      while let (genome, cost) = try await group.next() {
        costs[genome] = .some(cost)
        progress(costs.count, total)
        try Task.checkCancellation()
        if let genome = waiting.next() { start(genome) }
      }
    }
  }
}
