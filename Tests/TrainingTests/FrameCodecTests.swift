import Testing
import Training

struct FrameCodecTests {
  private let frame = Frame(.stateWrite, sequence: 0x1234, payload: Array(0..<200))

  private func events(_ pieces: [[UInt8]]) -> [FrameDecoder.Event] {
    var decoder = FrameDecoder()
    return pieces.flatMap { piece in
      decoder.append(piece)
      var found: [FrameDecoder.Event] = []
      while let event = decoder.next() { found.append(event) }
      return found
    }
  }

  @Test func layoutIsAsDocumented() {
    let bytes = Frame(.hello, sequence: 0x0201, payload: Array("123456789".utf8)).encoded()
    #expect(bytes.count == 16 + 9 + 4)
    #expect(Array(bytes[0..<12]) == Array("TSDK".utf8) + [1, 0, 1, 2, 9, 0, 0, 0])
    // The check value of this CRC-32, from its catalogue entry.
    #expect(Array(bytes.suffix(4)) == [0x26, 0x39, 0xF4, 0xCB])
  }

  @Test(arguments: Frame.Kind.allCases)
  func everyKindRoundTrips(_ kind: Frame.Kind) {
    let frame = Frame(kind, sequence: 7, payload: [1, 2, 3])
    #expect(events([frame.encoded()]) == [.frame(frame)])
  }

  @Test func emptyPayloadRoundTrips() {
    let frame = Frame(.quit, sequence: 65535)
    #expect(events([frame.encoded()]) == [.frame(frame)])
  }

  @Test(arguments: 1...230)
  func framesArriveInPiecesOfAnySize(_ size: Int) {
    let bytes = frame.encoded() + frame.encoded()
    let pieces = stride(from: 0, to: bytes.count, by: size).map {
      Array(bytes[$0..<min($0 + size, bytes.count)])
    }
    #expect(events(pieces) == [.frame(frame), .frame(frame)])
  }

  @Test func noiseBeforeAFrameIsReportedOnceAndSkipped() {
    let noise = Array("TSTSDTSDKnoise".utf8) + [UInt8](repeating: 0x54, count: 40)
    #expect(events([noise + frame.encoded()]) == [.corrupt, .frame(frame)])
    #expect(events(noise.map { [$0] } + [frame.encoded()]) == [.corrupt, .frame(frame)])
  }

  @Test func anyFlippedBitIsNoticedAndTheNextFrameIsFound() {
    let good = frame.encoded()
    for index in good.indices {
      for bit in 0..<8 {
        var bad = good
        bad[index] ^= 1 << UInt8(bit)
        #expect(events([bad + good]) == [.corrupt, .frame(frame)], "byte \(index), bit \(bit)")
      }
    }
  }

  @Test func aFrameThatLacksBytesIsNoFrame() {
    let bytes = frame.encoded()
    #expect(events([Array(bytes.dropLast())]) == [])
    #expect(
      events([Array(bytes.dropLast(3)), frame.encoded(), frame.encoded()]) == [.corrupt, .frame(frame)])
  }

  @Test func aMagicInsideAPayloadIsNoFrame() {
    let frame = Frame(.log, sequence: 0, payload: Array("TSDKTSDKTSDKTSDKTSDK".utf8))
    var bad = frame.encoded()
    bad[5] = 1
    #expect(events([bad + frame.encoded()]) == [.corrupt, .frame(frame)])
  }
}
