// swift-tools-version: 6.0
// The core as a Swift package, for Linux and macOS. `scripts/bindings` copies this beside the sources that it generates,
// with the library two folders up.
import PackageDescription

let libraryFolder = Context.packageDirectory + "/../.."

let package = Package(
    name: "ShopbellCore",
    products: [
        .library(name: "ShopbellCore", targets: ["ShopbellCore"])
    ],
    targets: [
        // The C header that both sides agree on.
        .target(
            name: "ShopbellCoreFFI",
            linkerSettings: [
                .linkedLibrary("shopbell_ffi"),
                .unsafeFlags(["-L\(libraryFolder)", "-Xlinker", "-rpath", "-Xlinker", libraryFolder]),
            ]
        ),
        .target(name: "ShopbellCore", dependencies: ["ShopbellCoreFFI"]),
    ],
    swiftLanguageModes: [.v6]
)
