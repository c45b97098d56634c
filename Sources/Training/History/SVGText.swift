import Foundation

/// A `<text>` element of an SVG drawing.
/// - Parameters:
///   - anchor: `start`, `middle` or `end`: what of the text stands at `x`.
///   - style: further attributes, as they are written.
func svgText(_ x: Double, _ y: Double, _ anchor: String, _ content: String, _ style: String = "") -> String {
  let attributes = style.isEmpty ? "" : " " + style
  return
    "<text x=\"\(svgNumber(x))\" y=\"\(svgNumber(y))\" text-anchor=\"\(anchor)\"\(attributes)>"
    + "\(svgEscaped(content))</text>"
}

/// A coordinate with one decimal, in every locale.
func svgNumber(_ value: Double) -> String { String(format: "%.1f", value) }

/// A text as the content of an XML element.
public func svgEscaped(_ text: String) -> String {
  text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
}
