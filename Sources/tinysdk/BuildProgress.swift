import ImageBuild

/// Tells a person what a build does.
struct BuildProgress {
  let console: Console

  func tell(_ event: Executor.Event) {
    switch event {
    case .started(let job):
      console.progress(Self.title(job))
      console.detail(job.commandLine.joined(separator: " "))
    case .finished(_, let output):
      if !output.isEmpty { console.note(output) }
    case .skipped(let job):
      console.detail("up to date: \(job.outputs.first ?? "")")
    }
  }

  private static func title(_ job: Job) -> String {
    let verb =
      switch job.kind {
      case .write: "writing"
      case .compile: "compiling"
      case .link: "linking"
      }
    let file = (job.kind == .compile ? job.inputs.first : job.outputs.first) ?? ""
    return "\(verb) \(file.split(separator: "/").last ?? "")"
  }
}
