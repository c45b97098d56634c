import Subprocess

#if canImport(System)
  import System
#else
  import SystemPackage
#endif

/// Platform options for children that end with everything they have started: each leads a process group of
/// its own, and cancelling the task that runs it ends the group.
func ownProcessGroup(grace: Duration = .seconds(2)) -> PlatformOptions {
  var options = PlatformOptions()
  options.processGroupID = 0
  options.teardownSequence = [
    .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: grace)
  ]
  return options
}

extension TerminationStatus {
  /// `exit status 1`, or the signal.
  var text: String {
    switch self {
    case .exited(let code): "exit status \(code)"
    case .signaled(let signal): "signal \(signal)"
    }
  }
}
