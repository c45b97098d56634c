import Foundation
import ImageBuild
import Testing

private func makeFolders(_ folder: String, _ names: String...) throws {
  for name in names {
    try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
  }
}

@Suite struct SDKRootTests {
  @Test func environmentComesFirst() async throws {
    try await withTemporaryFolder { folder in
      try makeFolders(folder, "sdk/BSP", "sdk/Kernels", "sdk/Toolchains")
      let root = try SDKRoot.locate(environment: ["TINYSDK_ROOT": "\(folder)/sdk"])
      #expect(root.path == "\(folder)/sdk")
      #expect(root.kernelHeaders == "\(folder)/sdk/Kernels/API/include")
      #expect(root.runtime == "\(folder)/sdk/Runtime")
      let error = #expect(throws: MissingSDKRoot.self) {
        try SDKRoot.locate(environment: ["TINYSDK_ROOT": "\(folder)/else"])
      }
      #expect(
        error?.description
          == "TINYSDK_ROOT is '\(folder)/else', which holds no BSP, Kernels and Toolchains folders")
    }
  }

  @Test func installationLiesBesideTheProgram() async throws {
    try await withTemporaryFolder { folder in
      try makeFolders(folder, "bin", "share/tinysdk/BSP", "share/tinysdk/Kernels", "share/tinysdk/Toolchains")
      let root = try SDKRoot.locate(environment: [:], program: "\(folder)/bin/tinysdk", currentFolder: "/")
      #expect(root.path == "\(folder)/share/tinysdk")
    }
  }

  @Test func buildTreeLiesAboveTheProgram() async throws {
    try await withTemporaryFolder { folder in
      try makeFolders(folder, "BSP", "Sources/Kernels/Portable", "Toolchains", ".build/release")
      try write("", to: "\(folder)/Sources/Kernels/Portable/kernels.yml")
      let root = try SDKRoot.locate(
        environment: [:], program: "\(folder)/.build/release/tinysdk", currentFolder: "/")
      #expect(root.path == folder)
      #expect(root.runtime == "\(folder)/Sources/Runtime")
      #expect(root.kernelBackends == ["Portable"])
    }
  }

  @Test func nowhere() throws {
    #expect(throws: MissingSDKRoot(named: nil)) {
      try SDKRoot.locate(environment: [:], program: "/nowhere/bin/tinysdk", currentFolder: "/nowhere")
    }
  }
}
