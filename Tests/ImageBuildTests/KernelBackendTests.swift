import Boards
import Foundation
import ImageBuild
import Testing

/// What `kernels.yml` says, and that the folder agrees.
struct KernelBackendTests {
  private static let root = try? SDKRoot.locate(environment: [:])

  @Test(arguments: root?.kernelBackends ?? [])
  func everyKernelFileIsNamedAndThere(backend: String) throws {
    let root = try #require(Self.root)
    let folder = "\(root.kernels)/\(backend)"
    let manifest = try KernelBackend(folder: folder)
    #expect(manifest.name == backend.lowercased())
    #expect(Set(manifest.kernels.map(\.symbol)).count == manifest.kernels.count)
    let named = manifest.kernels.map(\.file) + manifest.layouts.map(\.file)
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".c") }
    #expect(Set(named) == Set(files))
    for kernel in manifest.kernels where !kernel.symbol.hasPrefix("tinysdk_layout") {
      #expect(kernel.file == kernel.symbol.dropFirst("tinysdk_".count) + ".c")
      #expect(kernel.layout.map { name in manifest.layouts.contains { $0.name == name } } ?? true)
    }
  }

  @Test func everyVariantStandsInForAPortableKernel() throws {
    let root = try #require(Self.root)
    let contract = Set(try KernelBackend(folder: "\(root.kernels)/Portable").kernels.map(\.symbol))
    for backend in root.kernelBackends where backend != "Exact" {
      for kernel in try KernelBackend(folder: "\(root.kernels)/\(backend)").kernels {
        #expect(contract.contains(kernel.implements), "\(backend): \(kernel.symbol)")
      }
    }
  }

  @Test func everyProblemIsTold() throws {
    let folder = NSTemporaryDirectory() + "backend-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try """
    schema: 1
    contract: 2
    backend: fast
    kernels:
      - symbol: tinysdk_add_s8_fast
        fiel: add.c
    """.write(toFile: "\(folder)/kernels.yml", atomically: true, encoding: .utf8)
    let error = #expect(throws: ConfigurationError.self) { try KernelBackend(folder: folder) }
    let text = error?.description ?? ""
    #expect(text.contains("kernels.yml:2") && text.contains("contract"))
    #expect(text.contains("kernels.yml:6") && text.contains("fiel") && text.contains("file"))
  }
}
