import ArgumentParser

/// The command line's root.
@main
struct TinySDK: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tinysdk",
    abstract: "Train neural networks on microcontrollers.")
}
