import Foundation

/// Six significant digits with a decimal point, in every locale: for files that programs read.
func decimal(_ value: Double) -> String {
  String(format: "%.6g", value)
}
