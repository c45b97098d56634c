import Foundation

/// The version of every JSON text that a command prints. It grows when a key changes its meaning or goes
/// away.
package let jsonSchemaVersion = 1

/// A result as JSON: `schema_version` beside the result's own keys, all in snake case and sorted.
package func jsonText(_ result: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  encoder.keyEncodingStrategy = .convertToSnakeCase
  return String(decoding: try encoder.encode(Versioned(result: result)), as: UTF8.self)
}

private struct Versioned<Result: Encodable>: Encodable {
  enum Key: String, CodingKey { case schemaVersion }

  var result: Result

  func encode(to encoder: any Encoder) throws {
    try result.encode(to: encoder)
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(jsonSchemaVersion, forKey: .schemaVersion)
  }
}
