import Foundation
import Testing
import Training

@Suite struct CSVTableTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func table(_ text: String, _ column: LabelColumn = .automatic) throws -> CSVTable {
    try CSVTable(path: try folder.write("t.csv", text), labelColumn: column)
  }

  private func message(_ text: String, _ column: LabelColumn = .automatic) -> String {
    let error = #expect(throws: DatasetError.self) { try table(text, column) }
    return error?.description ?? ""
  }

  @Test func theLastColumnIsTheLabelWithoutAHeader() throws {
    let table = try table("1,2.5,0\n-3,4e2,1\n")
    #expect(table.features.shape == [2, 2])
    #expect(table.features.values(in: 0..<4) == [1, 2.5, -3, 400])
    #expect(table.labels == ["0", "1"])
    #expect(table.lines == [1, 2])
  }

  @Test func aColumnNamedLabelIsFound() throws {
    let table = try table("a,Label,b\n1,cat,2\n3,dog,4\n")
    #expect(table.features.row(1) == [3, 4])
    #expect(table.labels == ["cat", "dog"])
    #expect(table.lines == [2, 3])
  }

  @Test func theFirstColumnOrANamedOne() throws {
    #expect(try table("7,1,2\n8,3,4\n", .first).labels == ["7", "8"])
    #expect(try table("k,kind,b\n1,x,2\n", .named("kind")).labels == ["x"])
    #expect(message("k,b\n1,2\n", .named("kind")).contains("t.csv:1: no column is named 'kind'"))
  }

  @Test func windowsLineEndsByteOrderMarkQuotesAndEmptyLines() throws {
    let table = try table("\u{FEFF}x,y\r\n\r\n \"1\" , \"a, \"\"b\"\"\"\r\n2,\"c\nd\"\r\n3,e")
    #expect(table.features.values(in: 0..<3) == [1, 2, 3])
    #expect(table.labels == ["a, \"b\"", "c\nd", "e"])
    #expect(table.lines == [3, 4, 6])
  }

  @Test func everyBadNumberIsListedWithItsLine() {
    let text = message("1,2,0\n1,oops,0\n1,2,0\nnan,2,0\n1,0\n")
    #expect(text.contains("3 problems"))
    #expect(text.contains("t.csv:2: column 2: 'oops' is not a number"))
    #expect(text.contains("t.csv:4: column 1: 'nan' is not a number"))
    #expect(text.contains("t.csv:5: 2 fields where the first row has 3"))
  }

  @Test(arguments: [
    ("", "the file is empty"), ("a,label\n", "a header and no rows"), ("5\n6\n", "one field only"),
    ("1,\"2\n3,4\n", "t.csv:1: a quote is opened and never closed"),
  ])
  func unusableTables(text: String, expected: String) {
    #expect(message(text).contains(expected))
  }

  @Test func aMissingFileIsNamed() {
    let error = #expect(throws: DatasetError.self) { try CSVTable(path: "/nowhere/t.csv") }
    #expect(error?.description.contains("/nowhere/t.csv: there is no such file") == true)
  }

  @Test(.enabled(if: SharedData.exists("data/digits"), "needs ../shared/data/digits"))
  func digitsEqualTheArchive() throws {
    let table = try CSVTable(path: SharedData.path("data/digits/digits.csv"))
    let arrays = try NumpyArchive.read(SharedData.path("data/digits/digits.npz"))
    let images = try #require(arrays["image"])
    let labels = try #require(arrays["label"])
    #expect(images.shape == [1797, 8, 8])
    #expect(table.features.shape == [1797, 64])
    #expect(table.features.values(in: 0..<images.count) == images.values(in: 0..<images.count))
    #expect(table.labels == labels.values(in: 0..<1797).map { String(Int($0)) })
  }
}
