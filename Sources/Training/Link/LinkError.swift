/// What can go wrong between host and device.
public enum LinkError: Error, Equatable, CustomStringConvertible {
  /// A pipe could not be made or opened.
  case pipe(path: String, reason: String)
  /// The program at the other end has ended; with its exit code and the last lines it wrote.
  case deviceEnded(exitCode: Int32?, console: String)
  /// The device stopped by itself, with this report.
  case deviceFault(String)
  /// The device refused a request.
  case refused(request: Frame.Kind, reason: String)
  /// The device runs another protocol or another build.
  case mismatch([String])
  /// The same frame arrived damaged again and again.
  case corrupt(request: Frame.Kind, attempts: Int)
  /// A reply does not have the form the protocol gives it.
  case malformedReply(Frame.Kind)
  /// The session has been closed.
  case closed

  public var description: String {
    switch self {
    case .pipe(let path, let reason):
      "the link's pipe \(path) cannot be used: \(reason)"
    case .deviceEnded(let exitCode, let console):
      "the device ended" + (exitCode.map { " with exit code \($0)" } ?? "")
        + " before the work was done" + (console.isEmpty ? "" : "; its last words:\n\(console)")
    case .deviceFault(let report):
      "the device stopped: \(report)"
    case .refused(let request, let reason):
      "the device refused \(request): \(reason)"
    case .mismatch(let differences):
      "the image is not the one the host expects (\(differences.joined(separator: "; "))); "
        + "run `tinysdk build` again and start that image"
    case .corrupt(let request, let attempts):
      "\(request) arrived damaged \(attempts) times; check the serial line and its speed in board.yml"
    case .malformedReply(let kind):
      "the device's \(kind) reply has the wrong size; image and tool are of different versions: run `tinysdk build` again"
    case .closed:
      "the link to the device is closed"
    }
  }
}
