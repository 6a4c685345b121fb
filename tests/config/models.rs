use super::*;

#[test]
fn the_shipped_files_load() {
    shipped();
}
