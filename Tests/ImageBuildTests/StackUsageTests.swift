import ImageBuild
import Testing

@Suite struct StackUsageTests {
  @Test func bothCompilersForms() {
    let text = """
      model.c:12:5:model_infer\t48\tstatic
      /a b/main.c:3:main\t16\tdynamic,bounded
      main.c:9:0:grow\t24\tdynamic
      nonsense
      """
    #expect(
      StackUsage.parse(text).map { "\($0.function) \($0.bytes) \($0.isBounded)" }
        == ["model_infer 48 true", "main 16 true", "grow 24 false"])
  }
}
