//! Generates the Python, Kotlin and Swift faces from the compiled library (`scripts/bindings`).

fn main() {
    uniffi::uniffi_bindgen_main();
}
