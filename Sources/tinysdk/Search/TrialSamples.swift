/// What a trial learns from and is tested with.
package enum TrialSamples: Sendable, Hashable, Codable {
  /// Every fifth training sample tests, counted from this one; the others teach.
  case fold(Int)
  /// As the first fold, of all training samples, where trials learn from a part of them.
  case wholeFold
  /// All training samples teach, the held-out ones test.
  case all

  /// Every how many-th training sample tests a fold.
  package static let foldCount = 5
}
