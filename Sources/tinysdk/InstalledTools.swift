import Foundation
import ImageBuild

/// A program or library that the SDK works with, and whether it is there.
package struct InstalledTool: Equatable, Codable, Sendable {
  package var name: String
  /// What it is for.
  package var purpose: String
  /// The Debian packages that bring it.
  package var packages: [String]
  /// Only one command wants it, and says so.
  package var isOptional = false
  /// Where it is; `nil` where it is missing.
  package var path: String?
}

/// Looks for everything that commands may start.
package func installedTools(_ tools: ToolLocator) -> [InstalledTool] {
  let programs: [(name: String, purpose: String, packages: [String])] = [
    ("clang", "compiles kernels for this machine, and images", ["clang"]),
    ("ld.lld", "links images with the toolchain clang", ["lld"]),
    ("arm-none-eabi-gcc", "knows newlib; the toolchain arm-none-eabi-gcc", ["gcc-arm-none-eabi"]),
    ("qemu-system-arm", "runs images of the qemu boards", ["qemu-system-arm"]),
  ]
  let found = programs.map { program in
    let path = try? tools.locate(Tool(program: program.name, install: ""))
    return InstalledTool(name: program.name, purpose: program.purpose, packages: program.packages, path: path)
  }
  let newlib = "/usr/lib/arm-none-eabi/newlib"
  let hasNewlib = FileManager.default.fileExists(atPath: newlib)
  let analyser = machineCodeAnalyser.program
  return found + [
    InstalledTool(
      name: "newlib", purpose: "the C library of images", packages: ["libnewlib-arm-none-eabi"],
      path: hasNewlib ? newlib : nil),
    InstalledTool(
      name: analyser, purpose: "models cycles for `tinysdk bench --cycles`", packages: ["llvm-19"],
      isOptional: true, path: try? tools.locate(machineCodeAnalyser)),
  ]
}

/// The one command that installs what is missing and needed; `nil` where nothing is.
package func installCommand(_ tools: [InstalledTool]) -> String? {
  let packages = tools.filter { $0.path == nil && !$0.isOptional }.flatMap(\.packages)
  return packages.isEmpty ? nil : "sudo apt-get install -y \(packages.joined(separator: " "))"
}
