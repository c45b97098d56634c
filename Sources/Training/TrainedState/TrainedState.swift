import Compiler
import Foundation

/// A trainable state with everything that tells what it belongs to: what `--save` writes and `--resume`
/// reads.
///
/// The file, all numbers little-endian:
///
///     offset  bytes  field
///          0      8  magic "TINYSTAT"
///          8      4  version, 1; 2 with kept samples
///         12      4  bytes of the description, n
///         16      n  the description: JSON in UTF-8
///       16+n      m  the state in canonical layout, as the description's tensors say
///     16+n+m      k  the replay memory, as the description's `replayBytes` say
///   16+n+m+k     32  SHA-256 of everything before
public struct TrainedState: Sendable, Equatable {
  /// What the file says beside the state's bytes.
  public struct Description: Sendable, Equatable, Codable {
    public var identity: ModelIdentity
    /// How the model was compiled.
    public var options: CompileOptions
    public var tensors: [Plan.StateTensor]
    /// Training steps that led here, over all runs.
    public var steps: Int
    /// The seed of the samples' order.
    public var seed: UInt64
    /// On held-out samples, 0 ... 1; nil where it was not measured.
    public var accuracy: Double?
    /// Bytes of the samples kept to learn from again, and of what chooses among them; nil without any.
    public var replayBytes: Int?
  }

  public var description: Description
  public var bytes: [UInt8]
  /// As `TrainingDevice.readReplay` gives it; empty without kept samples.
  public var replay: [UInt8]

  public init(
    _ bytes: [UInt8], of plan: Plan, steps: Int, seed: UInt64, accuracy: Double? = nil, replay: [UInt8] = []
  ) {
    description = Description(
      identity: ModelIdentity(plan), options: plan.options, tensors: plan.state, steps: steps, seed: seed,
      accuracy: accuracy, replayBytes: replay.isEmpty ? nil : replay.count)
    self.bytes = bytes
    self.replay = replay
  }

  /// Whether its kept samples are what a program of `plan` keeps; where not, that starts without any.
  public func keepsSamples(for plan: Plan) -> Bool {
    !replay.isEmpty && description.options.replay?.samples == plan.options.replay?.samples
      && replay.count == plan.replayMemoryBytes
  }

  /// - Throws: `TrainedStateError.otherModel` where the state belongs to something else than `plan`, `.damaged` where its
  ///   kept samples contradict themselves.
  public func check(fits plan: Plan, path: String) throws(TrainedStateError) {
    var differences = description.identity.differences(from: ModelIdentity(plan))
    let (own, other) = (description.options.optimizer, plan.options.optimizer)
    if own != other { differences.insert("optimizer: \(own), here \(other)", at: 0) }
    guard differences.isEmpty, description.tensors == plan.state else {
      throw .otherModel(path: path, differences.isEmpty ? ["its tensors lie differently"] : differences)
    }
    guard keepsSamples(for: plan), let samples = plan.options.replay?.samples else { return }
    let problem = problem(
      ofReplayMemory: replay, samples: samples, classes: description.identity.classes,
      bytes: plan.replayMemoryBytes)
    if let problem { throw .damaged(path: path, reason: problem) }
  }
}

/// Why a file is not usable as a trained state.
public enum TrainedStateError: Error, Equatable, CustomStringConvertible {
  case unreadable(path: String, reason: String)
  case notAState(path: String)
  case newerVersion(path: String, version: Int)
  case damaged(path: String, reason: String)
  case otherModel(path: String, [String])

  public var description: String {
    switch self {
    case .unreadable(let path, let reason):
      "cannot read the trained state \(path): \(reason)"
    case .notAState(let path):
      "\(path) is no trained state; `tinysdk train --save FILE` writes one"
    case .newerVersion(let path, let version):
      "\(path) has format version \(version), this tool reads \(TrainedState.version); use a newer tinysdk"
    case .damaged(let path, let reason):
      "the trained state \(path) is damaged: \(reason); use another copy, or train again with --save"
    case .otherModel(let path, let differences):
      "the trained state \(path) is of another model: \(differences.joined(separator: "; ")); "
        + "use the project and options it was trained with, or train without --resume"
    }
  }
}
