import CModelAPI
import Foundation

/// A model compiled for the host, loaded from its shared object.
///
/// The model keeps its state in static variables, so each instance loads a copy of the file of its own;
/// instances never share state. Not for use by two threads at a time.
final class ModelLibrary {
  typealias Action = @convention(c) () -> Void
  typealias Buffer = @convention(c) () -> UnsafeMutablePointer<Int8>?
  typealias Infer = @convention(c) () -> Int32
  typealias Output = @convention(c) () -> UnsafePointer<Float>?
  typealias TrainStep = @convention(c) (Int32) -> tinysdk_model_result
  typealias SetRate = @convention(c) (Float) -> Void
  typealias Edge = @convention(c) (UnsafeMutablePointer<UInt8>?) -> Void
  typealias InferFrom = @convention(c) (UnsafePointer<UInt8>?) -> Int32
  typealias TrainStepFrom = @convention(c) (UnsafePointer<UInt8>?, Int32) -> tinysdk_model_result
  typealias ReadState = @convention(c) (UInt32, UnsafeMutableRawPointer?, UInt32) -> Void
  typealias WriteState = @convention(c) (UInt32, UnsafeRawPointer?, UInt32) -> Void

  typealias Count = @convention(c) (Int32, Int32) -> Void
  typealias Counted = @convention(c) () -> tinysdk_model_evaluation
  typealias Window = @convention(c) () -> tinysdk_model_window
  typealias Guard = @convention(c) () -> tinysdk_model_guard

  let initialize: Action
  let input: Buffer
  let infer: Infer
  let output: Output
  let trainStep: TrainStep
  let setLearningRate: SetRate
  /// The three of a model with layers before the first that learns.
  let edge: Edge
  let inferFrom: InferFrom
  let trainStepFrom: TrainStepFrom
  let readState: ReadState
  let writeState: WriteState
  /// Nil in a model that keeps no samples.
  let readReplay: ReadState?
  let writeReplay: WriteState?
  let buildHash: [UInt8]
  /// Nil in a model that does not evaluate.
  let countEvaluation: Count?
  let evaluation: Counted?
  let resetEvaluation: Action?
  let window: Window?
  /// Nil in a model without a guard.
  let learningGuard: Guard?

  private let handle: UnsafeMutableRawPointer

  /// - Parameter hasEdge: whether the model can be entered behind its frozen layers.
  /// - Throws: `ModelLibraryError`.
  init(path: String, hasEdge: Bool = false) throws {
    handle = try ModelLibrary.openCopy(of: path)
    var symbols = SymbolTable(handle: handle)
    initialize = symbols.function("model_init", else: {})
    input = symbols.function("model_input", else: { nil })
    infer = symbols.function("model_infer", else: { 0 })
    output = symbols.function("model_output", else: { nil })
    trainStep = symbols.function("model_train_step", else: { _ in tinysdk_model_result() })
    setLearningRate = symbols.function("model_set_learning_rate", else: { _ in })
    edge = hasEdge ? symbols.function("model_edge", else: { _ in }) : { _ in }
    inferFrom = hasEdge ? symbols.function("model_infer_from", else: { _ in 0 }) : { _ in 0 }
    trainStepFrom =
      hasEdge
      ? symbols.function("model_train_step_from", else: { _, _ in tinysdk_model_result() })
      : { _, _ in tinysdk_model_result() }
    readState = symbols.function("model_state_read", else: { _, _, _ in })
    writeState = symbols.function("model_state_write", else: { _, _, _ in })
    readReplay = symbols.optional("model_replay_read")
    writeReplay = symbols.optional("model_replay_write")
    buildHash = symbols.bytes("model_build_hash", count: ModelInterface.buildHashBytes)
    countEvaluation = symbols.optional("model_evaluation_count")
    evaluation = symbols.optional("model_evaluation")
    resetEvaluation = symbols.optional("model_evaluation_reset")
    window = symbols.optional("model_window")
    learningGuard = symbols.optional("model_guard")
    guard symbols.missing.isEmpty else {
      dlclose(handle)
      throw ModelLibraryError.missingSymbols(path: path, symbols.missing)
    }
  }

  deinit {
    dlclose(handle)
  }

  private static func openCopy(of path: String) throws -> UnsafeMutableRawPointer {
    let name = "tinysdk-\(UUID().uuidString).so"
    let copy = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
    defer { unlink(copy) }
    do {
      try FileManager.default.copyItem(atPath: path, toPath: copy)
    } catch {
      throw ModelLibraryError.unreadable(path: path, reason: error.localizedDescription)
    }
    guard let handle = dlopen(copy, RTLD_NOW | RTLD_LOCAL) else {
      throw ModelLibraryError.unreadable(path: path, reason: String(cString: dlerror()))
    }
    return handle
  }
}

/// Looks symbols up and remembers which are not there.
private struct SymbolTable {
  let handle: UnsafeMutableRawPointer
  private(set) var missing: [String] = []

  init(handle: UnsafeMutableRawPointer) {
    self.handle = handle
  }

  mutating func function<Function>(_ name: String, else substitute: Function) -> Function {
    guard let address = dlsym(handle, name) else {
      missing.append(name)
      return substitute
    }
    return unsafeBitCast(address, to: Function.self)
  }

  /// Nil where there is none of that name.
  func optional<Function>(_ name: String) -> Function? {
    dlsym(handle, name).map { unsafeBitCast($0, to: Function.self) }
  }

  mutating func bytes(_ name: String, count: Int) -> [UInt8] {
    guard let address = dlsym(handle, name) else {
      missing.append(name)
      return []
    }
    return Array(UnsafeRawBufferPointer(start: address, count: count))
  }
}

/// Why a shared object is not usable as a model.
public enum ModelLibraryError: Error, Equatable, CustomStringConvertible {
  case unreadable(path: String, reason: String)
  case missingSymbols(path: String, [String])

  public var description: String {
    switch self {
    case .unreadable(let path, let reason):
      "cannot load the model \(path): \(reason); run `tinysdk build --board host`"
    case .missingSymbols(let path, let names):
      "\(path) is not a generated model: it lacks \(names.joined(separator: ", ")); run `tinysdk build --board host`"
    }
  }
}
