import Foundation
import Testing
import Training

@Suite struct TrainingHistoryTests {
  private let history = TrainingHistory(
    accuracyBefore: 0.1,
    entries: [
      .init(epoch: 1, loss: 1.25, accuracy: 0.5, samples: 1500),
      .init(epoch: 2, loss: 1.0 / 3, accuracy: 0.875, samples: 1500),
    ])

  @Test func csv() {
    #expect(
      history.csv == """
        epoch,loss,accuracy,samples
        0,,0.1,0
        1,1.25,0.5,1500
        2,0.333333,0.875,1500

        """)
    #expect(TrainingHistory().csv == "epoch,loss,accuracy,samples\n")
  }

  @Test func jsonRoundTrip() throws {
    let data = try JSONEncoder().encode(history)
    #expect(try JSONDecoder().decode(TrainingHistory.self, from: data) == history)
  }

  @Test func aLossThatIsNotFiniteIsNull() throws {
    let entry = TrainingHistory.Entry(epoch: 1, loss: .infinity, accuracy: 0, samples: 1)
    let data = try JSONEncoder().encode(entry)
    #expect(String(decoding: data, as: UTF8.self).contains("\"loss\":null"))
    #expect(try JSONDecoder().decode(TrainingHistory.Entry.self, from: data).loss.isNaN)
  }
}
