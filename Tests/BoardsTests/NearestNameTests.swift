import Boards
import Testing

@Suite struct NearestNameTests {
  @Test func distances() {
    #expect(editDistance("kitten", "sitting") == 3)
    #expect(editDistance("lenght", "length") == 1)
    #expect(editDistance("", "abc") == 3)
    #expect(editDistance("same", "same") == 0)
  }

  @Test func nearestFirstAndOnlyNearOnes() {
    #expect(nearestNames(to: "lenght", in: ["length", "origin", "height"]) == ["length", "height"])
    #expect(nearestNames(to: "xyz", in: ["length"]) == [])
  }
}
