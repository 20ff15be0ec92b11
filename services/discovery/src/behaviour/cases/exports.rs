//! What foreign code calls.

use super::entries;
use codexa_model::Language;

#[test]
fn foreign_callers_find_functions_by_their_names() {
    for (language, source, expected) in [
        (
            Language::C,
            "JNIEXPORT jint JNICALL Java_a_B_c(JNIEnv *e, jobject o) { return 1; }",
            "1 ExportedApi Java_a_B_c - - c.jni\n",
        ),
        (
            Language::C,
            "PyMODINIT_FUNC PyInit_spam(void) { return make(); }",
            "1 ExportedApi PyInit_spam - - c.python_init\n",
        ),
        (Language::C, "void Java_a_B_c(void);", ""),
        (
            Language::Cpp,
            "extern \"C\" __declspec(dllexport) int f(int a) { return a; }\n__declspec(dllimport) int g(int a);\n\
             __declspec(dllexport) int number;\nclass __declspec(dllexport) A { void h(); };\n",
            "1 ExportedApi f - - c.dllexport\n",
        ),
        (
            Language::C,
            "__attribute__((visibility(\"default\"))) int f(int a) { return a; }\n\
             int __attribute__((unused, visibility(\"hidden\"))) g(void) { return 1; }\n\
             void h(void) __attribute__((noreturn)) __attribute__((visibility(\"default\")));\n",
            "1 ExportedApi f - - c.visible_symbol\n3 ExportedApi h - - c.visible_symbol\n",
        ),
        (
            Language::Go,
            "package main\nimport \"C\"\n//export Add\nfunc Add(a C.int) C.int { return a }\n// exports nothing\nfunc Other() {}\n",
            "4 ExportedApi Add - - go.cgo_export\n",
        ),
        (Language::Go, "package a\n//export Add\nfunc Add() {}\n", ""),
        (
            Language::Rust,
            "#[unsafe(no_mangle)]\npub extern \"C\" fn run() {}\n",
            "1 ExportedApi run - - rust.c_export\n",
        ),
        (Language::Rust, "#[no_mangle]\npub extern \"C\" fn run() {}\n", "1 ExportedApi run - - rust.c_export\n"),
        (
            Language::Rust,
            "use pyo3::prelude::*;\n#[pymodule]\nfn tool(m: &Bound<'_, PyModule>) {}\n#[pyfunction]\n#[pyo3(name = \"x\")]\nfn f() {}\n",
            "2 ExportedApi tool - - rust.python_export\n4 ExportedApi f - - rust.python_export\n",
        ),
        (
            Language::Rust,
            "use wasm_bindgen::prelude::*;\n#[wasm_bindgen(js_name = \"x\")]\npub fn f() {}\n",
            "2 ExportedApi f - - rust.wasm_export\n",
        ),
        (Language::Rust, "#[napi_derive::napi]\npub fn f() {}\n", "1 ExportedApi f - - rust.node_export\n"),
    ] {
        assert_eq!(entries(language, "src/a", source), expected, "{source}");
    }
}
