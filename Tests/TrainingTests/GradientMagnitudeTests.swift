import Compiler
import Graph
import KernelBridge
import TestNetworks
import Testing
import Training

struct GradientMagnitudeTests {
  private func options(_ scheme: UpdateScheme, _ purpose: CompileOptions.Purpose) -> CompileOptions {
    CompileOptions(classes: 4, update: .scheme(scheme), purpose: purpose)
  }

  private func sample(seed: UInt64, label: Int) -> Sample {
    var generator = SeededGenerator(seed: seed)
    return Sample(
      input: (0..<432).map { _ in Int8.random(in: -100...100, using: &generator) }, label: label)
  }

  private func magnitudes(_ samples: [Sample], warmUp: Int = 20) async throws -> [GradientMagnitude] {
    let kernels = try await hostKernels.value
    let model = try networkOfEverything()
    let layers = try updatableLayers(
      of: runPasses(model, options(.headOnly, .training), through: "head"))
    let plan = try compile(
      model, options(.last(3, of: layers.count), .gradients(.loss)), ask: kernels.answers)
    let head = try compile(model, options(.headOnly, .training), ask: kernels.answers)
    return try await gradientMagnitudes(
      plan, head: head, layers: layers, kernels: kernels,
      warmUp: (0..<warmUp).map { sample(seed: UInt64($0 + 1), label: $0 % 4) }, samples: samples, rate: 0.01)
  }

  @Test func whatAllSamplesHaveInCommonIsTheSignal() async throws {
    let one = sample(seed: 90, label: 2)
    let twice = try await magnitudes([one, one])
    #expect(Set(twice.map(\.layer)).count == 3)
    for entry in twice {
      #expect(entry.power.reduce(0, +) > 0, "layer \(entry.layer)")
      for (power, signal) in zip(entry.power, entry.signal) {
        #expect(abs(power - signal) <= 1e-9 * power, "equal samples have nothing but a common gradient")
      }
    }
    // The mean of two samples' powers, and the half of what their sum has beyond them.
    let other = sample(seed: 91, label: 1)
    let (alone, both) = (try await magnitudes([other, other]), try await magnitudes([one, other]))
    for ((first, second), pair) in zip(zip(twice, alone), both) {
      for channel in pair.power.indices {
        let mean = (first.power[channel] + second.power[channel]) / 2
        #expect(abs(pair.power[channel] - mean) <= 1e-9 * mean)
        #expect(abs(pair.signal[channel]) <= mean * 1.000001, "Cauchy-Schwarz")
      }
    }
  }

  @Test func aHeadThatKnowsNothingSendsNoGradientBack() async throws {
    let entries = try await magnitudes([sample(seed: 3, label: 0), sample(seed: 4, label: 1)], warmUp: 0)
    #expect(!entries.isEmpty && entries.allSatisfy { $0.power.allSatisfy { $0 == 0 } })
  }

  /// The gradient of a bias b that stands for s · b is the loss's slope over s; the weights of the layer
  /// count channel by channel.
  @Test func tensorsAreCountedByInputChannel() async throws {
    let entries = try await magnitudes([sample(seed: 5, label: 0), sample(seed: 6, label: 1)])
    let model = try networkOfEverything()
    let layers = try updatableLayers(
      of: runPasses(model, options(.headOnly, .training), through: "head"))
    for entry in entries {
      #expect(entry.power.count == (entry.isBias ? 1 : layers[entry.layer].inputChannels))
    }
  }
}
