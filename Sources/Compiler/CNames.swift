/// C identifiers for tensor and table names, unique within one generated model.
struct CNames {
  private var names: [String: String] = [:]
  private var taken: Set<String>

  /// - Parameter reserved: identifiers that must not be given away.
  init(reserved: Set<String> = []) {
    taken = reserved
  }

  /// The identifier for `name`; the same for every call.
  mutating func identifier(_ name: String) -> String {
    if let present = names[name] { return present }
    var base = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    if base.first?.isNumber ?? true { base = "_" + base }
    if base.hasPrefix("_") { base = "t" + base }
    var identifier = base
    var number = 2
    while !taken.insert(identifier).inserted {
      identifier = "\(base)_\(number)"
      number += 1
    }
    names[name] = identifier
    return identifier
  }
}
