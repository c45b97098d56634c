/// What can go wrong between Swift and a compiled kernel.
public enum KernelBridgeError: Error, Equatable, CustomStringConvertible {
  /// A kernel folder is missing, unreadable, or without any C file.
  case noSources(folder: String)
  /// The host C compiler could not be found or started.
  case compilerUnavailable(command: String, reason: String)
  /// The host C compiler refused the kernels. `output` is what it printed.
  case compilationFailed(folders: [String], output: String)
  /// The shared object could not be moved to, or written in, the cache.
  case cacheNotWritable(path: String, reason: String)
  /// The shared object could not be loaded.
  case notLoadable(path: String, reason: String)
  /// No kernel of this name is in the shared object.
  case unknownSymbol(symbol: String, library: String)
  /// The kernel was given an argument block of the wrong length, or too many pointers.
  case badCall(symbol: String, reason: String)

  public var description: String {
    switch self {
    case .noSources(let folder):
      "no C files found in the kernel folder \(folder); check the path, or TINYSDK_ROOT for an installed SDK"
    case .compilerUnavailable(let command, let reason):
      "cannot run the host C compiler '\(command)': \(reason); install clang, or name another with TINYSDK_HOST_CC"
    case .compilationFailed(let folders, let output):
      "the host C compiler refused the kernels in \(folders.joined(separator: ", ")):\n\(output)"
    case .cacheNotWritable(let path, let reason):
      "cannot write the compiled kernels to \(path): \(reason); make the folder writable, or choose another cache"
    case .notLoadable(let path, let reason):
      "cannot load the compiled kernels \(path): \(reason); delete the file to have it compiled again"
    case .unknownSymbol(let symbol, let library):
      "no kernel '\(symbol)' in \(library); check the name against tinysdk_kernels.h and the backend's kernels.yml"
    case .badCall(let symbol, let reason):
      "cannot call the kernel '\(symbol)': \(reason)"
    }
  }
}
