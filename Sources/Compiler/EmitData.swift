import Graph
import Operators

extension ModelEmitter {
  /// `model_data.h` and `model_data.c`: everything constant, in flash.
  func dataFiles() -> (header: String, source: String) {
    let arrays = constantArrays()
    let declarations = arrays.map { "extern \($0.declaration);" }
    let definitions = arrays.map { "\($0.declaration) = {\n\($0.initializer)\n};" }
    let header = """
      /* Weights and tables of \(plan.graph.name): made by tinysdk, do not edit. */
      #ifndef MODEL_DATA_H
      #define MODEL_DATA_H

      #include "tinysdk_kernels.h"

      \(declarations.joined(separator: "\n"))

      #endif

      """
    let source = """
      /* Weights and tables of \(plan.graph.name): made by tinysdk, do not edit. */
      #include "model_data.h"

      \(definitions.joined(separator: "\n\n"))

      """
    return (header, source)
  }

  private func constantArrays() -> [(declaration: String, initializer: String)] {
    var arrays: [(String, String)] = []
    for (tensor, identifier) in constants {
      let packed = plan.packedWeights[tensor.name]
      arrays.append(
        array(
          identifier, tensor.element, packed ?? tensor.data ?? [], count: packed?.count ?? tensor.count,
          isPacked: packed != nil))
    }
    for (state, identifier) in zip(plan.state, initialValues) {
      guard let identifier, let data = (try? plan.graph.tensor(state.name))?.data else { continue }
      arrays.append(array(identifier, state.element, data, count: state.shape.reduce(1, *)))
    }
    for (table, identifier) in tables {
      let elementBytes = [.int16, .uint16].contains(table.element) ? 2 : 8
      arrays.append(
        (
          "const \(cType(table.element)) \(identifier)[\(table.bytes.count / elementBytes)]",
          initializer(of: table)
        ))
    }
    return arrays
  }

  private func array(
    _ identifier: String, _ element: ElementType, _ data: [UInt8], count: Int, isPacked: Bool = false
  ) -> (String, String) {
    // Packed weights are read by words.
    let alignment = isPacked ? " __attribute__((aligned(8)))" : ""
    return ("const \(cType(element)) \(identifier)[\(count)]\(alignment)", initializer(of: data, element))
  }
}
