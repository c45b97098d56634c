/// Why bytes cannot be read, from a reader that does not know where they come from.
package struct DataFailure: Error {
  package let reason: String
}

/// Runs `body` and gives its `DataFailure` a place.
/// - Throws: `DatasetError` instead of `DataFailure`; other errors as they are.
func locatingFailure<Result>(
  at location: String, advice: String, _ body: () throws -> Result
) throws -> Result {
  do {
    return try body()
  } catch let failure as DataFailure {
    throw DatasetError(location, failure.reason, advice: advice)
  }
}
