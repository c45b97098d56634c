import Foundation
import Testing
import Training

@Suite struct TrainingSummaryTests {
  private func summary(imagesPerSecond: Double = 531.5) -> TrainingSummary {
    TrainingSummary(
      model: "digits.onnx", board: "qemu-cortex-m7", update: "49KB", classes: ["a", "b"],
      learningRate: 0.0008,
      seed: 3, samples: 1500, heldOutSamples: 500, accuracyBefore: 0.25, accuracyAfter: 0.75,
      history: [.init(epoch: 1, loss: 0.5, accuracy: 0.75, samples: 1500)], imagesPerSecond: imagesPerSecond,
      elapsedSeconds: 2.75, stateHash: "ab12")
  }

  @Test func theKeysThatScriptsRelyOn() throws {
    let object = try JSONSerialization.jsonObject(with: Data(summary().json().utf8))
    let json = try #require(object as? [String: Any])
    #expect(json["schema_version"] as? Int == 1)
    #expect(json["accuracy_before"] as? Double == 0.25)
    #expect(json["accuracy_after"] as? Double == 0.75)
    #expect(json["images_per_second"] as? Double == 531.5)
    #expect(json["state_hash"] as? String == "ab12")
    #expect(json["board"] as? String == "qemu-cortex-m7")
    #expect(json["held_out_samples"] as? Int == 500)
    #expect(json["elapsed_seconds"] as? Double == 2.75)
    let history = try #require(json["history"] as? [[String: Any]])
    #expect(history.count == 1)
    #expect(history[0]["epoch"] as? Int == 1)
    #expect(history[0]["loss"] as? Double == 0.5)
    #expect(history[0]["accuracy"] as? Double == 0.75)
  }

  @Test func theSummaryIsReadBack() throws {
    let text = try summary().json()
    #expect(text.hasSuffix("}\n"))
    #expect(try JSONDecoder().decode(TrainingSummary.self, from: Data(text.utf8)) == summary())
  }

  @Test func aRateThatIsNotFiniteIsAnError() {
    #expect(throws: EncodingError.self) { try summary(imagesPerSecond: .nan).json() }
  }
}
