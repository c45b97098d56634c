import Foundation
import Testing
import tinysdk

struct NewProjectTests {
  private let files = [
    "tinysdk.yml", "Model/digits.onnx", "App/main.c", "Data/digits.csv", "README.md", ".gitignore",
  ]

  @Test func everyFileIsMadeAndNamedWithItsPurpose() throws {
    try withTemporaryFolder { folder in
      let made = try runTool("new-project", "mine", "--board", "qemu-cortex-m4", "--project", folder)
      #expect(made.status == 0)
      for file in files {
        #expect(FileManager.default.fileExists(atPath: "\(folder)/mine/\(file)"))
        #expect(made.output.contains("made  \(folder)/mine/\(file)"))
      }
      #expect(made.output.contains("the application: yours to change"))
      let settings = try read("\(folder)/mine/tinysdk.yml")
      #expect(settings.contains("name: mine\n"))
      #expect(settings.contains("board: qemu-cortex-m4 "))
    }
  }

  @Test func aSecondTimeChangesNothingAndBringsBackWhatIsMissing() throws {
    try withDigitsProject { project in
      try write("/* mine */\n", to: "\(project)/App/main.c")
      try FileManager.default.removeItem(atPath: "\(project)/README.md")
      let parent = URL(fileURLWithPath: project).deletingLastPathComponent().path
      let again = try runTool(
        "new-project", "digits", "--board", "host", "--project", parent, "--json")
      let result = try #require(try again.json()["files"] as? [[String: Any]])
      let new = result.filter { $0["is_new"] as? Bool == true }.compactMap { $0["path"] as? String }
      #expect(new == ["\(project)/README.md"])
      #expect(try read("\(project)/App/main.c") == "/* mine */\n")
      #expect(try read("\(project)/tinysdk.yml").contains("board: qemu-cortex-m7 "))
    }
  }

  @Test func anOwnModelBecomesAProjectThatPlans() throws {
    try withDigitsProject { digits in
      let parent = URL(fileURLWithPath: digits).deletingLastPathComponent().path
      let made = try runTool(
        "new-project", "own", "--board", "qemu-cortex-m7", "--model", "\(digits)/Model/digits.onnx",
        "--classes", "7", "--project", parent)
      #expect(made.status == 0, Comment(rawValue: made.errors))
      let plan = try runTool("plan", "--project", "\(parent)/own", "--json")
      #expect(plan.status == 0, Comment(rawValue: plan.errors))
      #expect(try plan.json()["update"] as? String == "head")
    }
  }

  @Test func aModelThatIsNoneMakesNoProject() throws {
    try withTemporaryFolder { folder in
      try write("not a model", to: "\(folder)/bad.onnx")
      let made = try runTool(
        "new-project", "own", "--board", "host", "--model", "\(folder)/bad.onnx", "--project", folder)
      #expect(made.status == CommandExit.failure.rawValue)
      #expect(made.errors.hasPrefix("error: cannot import 'bad.onnx'"))
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/own"))
    }
  }
}
