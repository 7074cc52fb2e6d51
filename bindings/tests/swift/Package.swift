// swift-tools-version: 6.0
// The Swift face of the core, tested. `scripts/test ffi-swift` generates it, then runs this.
import PackageDescription

let package = Package(
    name: "BindingsTests",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(path: "../../../target/bindings/swift/ShopbellCore")
    ],
    targets: [
        .testTarget(name: "StoryTests", dependencies: [.product(name: "ShopbellCore", package: "ShopbellCore")])
    ],
    swiftLanguageModes: [.v6]
)
