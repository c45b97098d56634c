import Compiler
import Project
import Testing

struct ReplaceUpdateTests {
  private let scheme = UpdateScheme(
    name: "searched", biases: [2, 3], weights: [2: .fraction(0.25), 3: .list([0, 4])])

  @Test func everyOtherLineStays() {
    let text = """
      name: digits  # a comment
      update:  # what learns
        biases: 4
        weights:
          3: 1.0
      residual: 8

      """
    let expected = """
      name: digits  # a comment
      update:
        biases: 2  # of the last layers, so many
        weights:  # by the layer's number or name: a share of its input channels, or a list of them
          2: 0.25
          3: [0, 4]
      residual: 8

      """
    #expect(replacingUpdate(in: text, with: UpdateSetting(scheme, layers: 4)) == expected)
  }

  @Test func aMissingSettingIsAppended() {
    let setting = UpdateSetting.named("49KB")
    #expect(replacingUpdate(in: "name: digits\n", with: setting) == "name: digits\nupdate: 49KB\n")
    #expect(replacingUpdate(in: "name: digits", with: setting) == "name: digits\nupdate: 49KB\n")
  }

  @Test func biasesThatAreNotTheLastAreListed() {
    let scattered = UpdateScheme(name: "frozen", biases: [0, 3])
    #expect(
      UpdateSetting(scattered, layers: 4) == .layers(.init(biases: .layers(["0", "3"]), weights: [:])))
  }
}
