import Compiler
import Foundation
import Graph
import Project
import Training

/// Reads a project's data set and checks it against the model.
/// - Parameter path: `--data`, instead of the project's own.
/// - Throws: `MissingData`, `DatasetError`, `QuantizationOfFloatInput`.
package func loadData(_ workspace: Workspace, for plan: Plan, path: String? = nil) throws -> Dataset {
  guard let place = path ?? workspace.project.data.map({ workspace.path($0.path) }) else {
    throw MissingData()
  }
  guard let input = plan.graph.tensors(role: .input).first else { throw MissingData() }
  let data = try Dataset.load(place, options: try datasetOptions(workspace.project, input: input))
  let model = try ModelInterface(plan)
  try data.check(
    inputCount: model.inputBytes, classCount: model.classes, element: inputElement(of: input))
  return data
}

/// How many samples the project has to train on.
/// - Parameter path: instead of the project's own.
/// - Throws: `UnknownScheduleLength` where it names none, `DatasetError`, `QuantizationOfFloatInput`.
func trainingSamples(_ workspace: Workspace, model: Graph, path: String?) throws -> Int {
  guard let place = path ?? workspace.project.data.map({ workspace.path($0.path) }),
    let input = model.tensors(role: .input).first
  else { throw UnknownScheduleLength() }
  return try Dataset.load(place, options: try datasetOptions(workspace.project, input: input)).train.count
}

/// How a project's data is read for a model with this input.
/// - Throws: `QuantizationOfFloatInput`.
package func datasetOptions(_ project: Project, input: Tensor) throws(QuantizationOfFloatInput)
  -> DatasetOptions
{
  var options = DatasetOptions(
    preprocessing: try preprocessing(project.preprocessing, input: input), classNames: project.classes?.names)
  switch project.data?.heldOut {
  case .every(let count): options.heldOut = .everyKth(count)
  case .fraction(let share): options.heldOut = .fraction(share)
  case .last(let count): options.heldOut = .last(count)
  case nil: break
  }
  if let column = project.data?.labelColumn { options.labelColumn = .named(column) }
  return options
}

/// What the project leaves open follows from the model's input.
private func preprocessing(_ settings: PreprocessingSettings, input: Tensor)
  throws(QuantizationOfFloatInput) -> Preprocessing
{
  let channels: ImagePreprocessing.ChannelOrder =
    switch settings.channels {
    case .rgb: .rgb
    case .bgr: .bgr
    case .gray: .gray
    case nil: input.shape.count == 4 && input.shape[1] == 1 ? .gray : .rgb
    }
  if input.element == .float32 { return try floatPreprocessing(settings, input, channels) }
  let scale = settings.scale ?? input.quantization?.scale ?? 1
  let zeroPoint = settings.zeroPoint ?? input.quantization?.zeroPoint ?? 0
  let quantization: PixelQuantization =
    settings.pixelMinus == nil
    ? .affine(mean: settings.mean, deviation: settings.deviation, inputScale: scale, zeroPoint: zeroPoint)
    : .minus128
  let size = size(settings, input)
  return Preprocessing(
    image: ImagePreprocessing(
      width: size.width, height: size.height, shortSide: settings.resize, channels: channels,
      quantization: quantization),
    features: features(settings, input, scale: scale, zeroPoint: zeroPoint))
}

private func size(_ settings: PreprocessingSettings, _ input: Tensor) -> PreprocessingSettings.Crop {
  settings.crop ?? .init(width: input.shape.last ?? 1, height: input.shape.dropLast().last ?? 1)
}

private func inputElement(of input: Tensor) -> InputElement { input.element == .float32 ? .float32 : .int8 }

/// For a float32 input: (value - mean) / deviation as it is.
private func floatPreprocessing(
  _ settings: PreprocessingSettings, _ input: Tensor, _ channels: ImagePreprocessing.ChannelOrder
) throws(QuantizationOfFloatInput) -> Preprocessing {
  let keys = [("scale", settings.scale != nil), ("zero_point", settings.zeroPoint != nil)]
    .filter(\.1).map(\.0)
  guard keys.isEmpty else { throw QuantizationOfFloatInput(keys: keys, input: input.name) }
  let (mean, deviation) =
    settings.pixelMinus.map { ([Double($0)], [1.0]) } ?? (settings.mean, settings.deviation)
  let size = size(settings, input)
  return Preprocessing(
    image: ImagePreprocessing(
      width: size.width, height: size.height, shortSide: settings.resize, channels: channels,
      quantization: .real(mean: mean, deviation: deviation)),
    features: features(settings, input, scale: 1, zeroPoint: 0))
}

private func features(_ settings: PreprocessingSettings, _ input: Tensor, scale: Double, zeroPoint: Int)
  -> FeaturePreprocessing
{
  var features = FeaturePreprocessing(
    mean: settings.mean, deviation: settings.deviation, inputScale: scale, zeroPoint: zeroPoint,
    channels: input.shape.count > 2 ? input.shape[1] : nil,
    layout: settings.layout == .channelsLast ? .channelsLast : .asStored, element: inputElement(of: input))
  if let offset = settings.pixelMinus {
    (features.mean, features.deviation) = ([Double(offset)], [1])
    (features.inputScale, features.zeroPoint) = (1, 0)
  }
  return features
}

/// A project that gives a quantization to an input that has none.
package struct QuantizationOfFloatInput: Error, Equatable, CustomStringConvertible {
  /// As written under `preprocessing`.
  package var keys: [String]
  package var input: String

  package var description: String {
    "\(Project.fileName): 'preprocessing' has \(keys.map { "'\($0)'" }.joined(separator: " and ")), which "
      + "quantize an int8 input, and the model's input '\(input)' is float32: it takes (value - mean) / deviation; "
      + "leave \(keys.count == 1 ? "it" : "them") out"
  }
}

/// A schedule with an end, in a project that does not say where.
package struct UnknownScheduleLength: Error, Equatable, CustomStringConvertible {
  package var description: String {
    "the schedule 'cosine' needs to know its last step, which is epochs x training samples; write 'steps: N' under "
      + "'optimizer', or 'data: {path: DIR}', in tinysdk.yml"
  }
}

/// A project that names no data.
package struct MissingData: Error, Equatable, CustomStringConvertible {
  package var description: String {
    "there is no data to train on; give --data DIR, or write 'data: {path: DIR}' in tinysdk.yml"
  }
}
