// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "TinySDK",
  products: [
    .executable(name: "tinysdk", targets: ["tinysdk"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
  ],
  targets: [
    // The compiler: model file → graph → training program → C.
    .target(name: "Graph"),
    .target(name: "Operators", dependencies: ["Graph"]),
    .target(
      name: "Importers",
      dependencies: [
        "Graph", "Operators", .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      exclude: ["onnx.proto"]),
    .target(name: "Boards", dependencies: ["Yams"]),
    .target(name: "Compiler", dependencies: ["Graph", "Operators", "Boards", "CLibCrypto"]),

    // Building, running and training images.
    .target(name: "Project", dependencies: ["Boards", "Compiler", "Operators"]),
    .target(
      name: "ImageBuild",
      dependencies: [
        "Compiler", "Boards", "CLibCrypto",
        .product(name: "Subprocess", package: "swift-subprocess"),
      ]),
    .target(
      name: "Training",
      dependencies: [
        "Compiler", "ImageBuild", "KernelBridge", "CImageCodecs", "CLibCrypto", "CModelAPI", "CZlib",
      ]),
    .target(name: "CModelAPI"),

    // The host-side bridge to the C kernels. The kernels themselves are compiled by ImageBuild, as for any
    // board.
    .target(
      name: "KernelBridge",
      dependencies: [
        "CLibCrypto", "CLibFFI", "KernelAPI",
        .product(name: "Subprocess", package: "swift-subprocess"),
      ]),
    .target(
      name: "KernelAPI", path: "Sources/Kernels/API", sources: ["contract.c"],
      publicHeadersPath: "include"),
    .systemLibrary(
      name: "CLibFFI", pkgConfig: "libffi", providers: [.apt(["libffi-dev"])]),
    .systemLibrary(
      name: "CLibCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(
      name: "CImageCodecs",
      linkerSettings: [.linkedLibrary("jpeg"), .linkedLibrary("png")]),

    // The command line.
    .executableTarget(
      name: "tinysdk",
      dependencies: [
        "Boards", "Compiler", "Graph", "ImageBuild", "Importers", "KernelBridge", "Operators", "Project",
        "Training",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    .target(name: "TestNetworks", dependencies: ["Graph"], path: "Tests/TestNetworks"),
    .testTarget(name: "GraphTests", dependencies: ["Graph"]),
    .testTarget(name: "OperatorsTests", dependencies: ["Operators"]),
    .testTarget(name: "ImportersTests", dependencies: ["Importers"]),
    .testTarget(name: "BoardsTests", dependencies: ["Boards"]),
    .testTarget(name: "CompilerTests", dependencies: ["Compiler", "TestNetworks"]),
    .testTarget(name: "ProjectTests", dependencies: ["Project", "TestNetworks"]),
    .testTarget(name: "ImageBuildTests", dependencies: ["ImageBuild"]),
    .testTarget(
      name: "EmulatorTests", dependencies: ["Compiler", "ImageBuild", "Operators", "Training", "tinysdk"]),
    .testTarget(name: "KernelTests", dependencies: ["ImageBuild", "KernelAPI", "KernelBridge"]),
    .testTarget(
      name: "TrainingTests", dependencies: ["Training", "Importers", "TestNetworks"],
      exclude: ["Fixtures"]),
    .testTarget(name: "CommandLineTests", dependencies: ["Compiler", "ImageBuild", "tinysdk"]),
  ],
  swiftLanguageModes: [.v6]
)
