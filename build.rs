//! Migrations and prompts are compiled in: a new one must rebuild the program.

fn main() {
    println!("cargo:rerun-if-changed=src/store/migrations");
    println!("cargo:rerun-if-changed=prompts");
}
