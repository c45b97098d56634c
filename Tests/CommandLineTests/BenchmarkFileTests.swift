import Boards
import Foundation
import ImageBuild
import Testing
import tinysdk

struct BenchmarkFileTests {
  private func problems(_ kernels: String) throws -> [String] {
    let path = NSTemporaryDirectory() + "benchmarks-\(UUID().uuidString).yml"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data("schema: 1\nboards: [qemu-cortex-m7]\nkernels:\n\(kernels)\nnetworks: []\n".utf8).write(
      to: URL(filePath: path))
    do {
      _ = try BenchmarkFile(path: path)
      return []
    } catch let error {
      return error.problems.map { $0.message }
    }
  }

  @Test func theShippedFileHasEveryConvolutionOfThePeersTable() throws {
    let file = try BenchmarkFile(path: SDKRoot.locate().benchmarks)
    #expect(file.boards.contains("qemu-cortex-m33"))
    let known = file.kernels.filter { $0.peers.contains { $0.name == "CMSIS-NN" } }
    #expect(known.count == 8)
    #expect(known.allSatisfy { $0.peers[0].instructions.count == 3 })
    for shape in file.kernels { try shape.graph().validate() }
  }

  @Test func aPeersInferenceMayBeUnknown() throws {
    let file = try BenchmarkFile(path: SDKRoot.locate().benchmarks)
    let network = try #require(file.networks.first { $0.project == "digits-mlp" })
    let peer = try #require(network.peers.first { $0.name == "AIfES" })
    #expect(peer.inference == nil && peer.step == 282_555 && peer.sram == 37_652)
  }

  @Test func whatNoProgramCanBeMadeOfIsRefused() throws {
    #expect(
      try problems("  - {name: a, operator: conv2d, input: [3, 8, 8]}") == ["'a': 'outputs' is missing"])
    #expect(
      try problems("  - {name: a, operator: dense, input: [3, 8, 8], outputs: 2}") == [
        "'a': 'input' needs 1 sizes, it has 3"
      ])
    #expect(
      try problems("  - {name: a, operator: max_pool2d, input: [3, 8, 8], kernel: 9}") == [
        "'a': the kernel is larger than the input"
      ])
    #expect(
      try problems("  - {name: a, operator: conv2d, input: [3, 8, 8], outputs: 4, strid: 2}") == [
        "unknown key 'strid'; did you mean 'stride'?"
      ])
  }
}
