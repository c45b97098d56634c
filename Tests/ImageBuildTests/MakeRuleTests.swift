import ImageBuild
import Testing

@Suite struct MakeRuleTests {
  @Test func prerequisitesOverLines() {
    let rule = "out/a.o: src/a.c inc/a\\ b.h \\\n  inc/c.h inc/$$d.h\n\ninc/c.h:\n"
    #expect(prerequisites(ofMakeRule: rule) == ["src/a.c", "inc/a b.h", "inc/c.h", "inc/$d.h"])
  }

  @Test func nothingOutOfNothing() {
    #expect(prerequisites(ofMakeRule: "") == [])
    #expect(prerequisites(ofMakeRule: "a.o:\n") == [])
  }
}
