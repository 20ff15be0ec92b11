//! The control plane: installed from a directory or from git, kept offline, swapped whole, drift shown.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test's helper fails the test at once")]

mod common;

use codexa_config::control_plane::{Plane, PlaneError, SyncRequest, Upstream, version};
use codexa_testkit::GitRepository;
use common::World;
use std::path::Path;

fn plane(world: &World) -> Plane {
    Plane::at(world.options().control_plane().unwrap())
}

fn bundle(world: &World, version: &str, core: &str) {
    world.write("bundle/VERSION", format!("{version}\n"));
    world.write("bundle/core.yaml", core);
    world.write("bundle/CHANGELOG.md", format!("## {version}\n"));
    world.write("bundle/policies/strict.yaml", "maturity: M2\n");
}

fn from(source: &Path) -> SyncRequest {
    SyncRequest { source: Some(source.to_owned()), ..SyncRequest::default() }
}

#[test]
fn a_new_control_plane_can_be_extended_at_once() {
    let world = World::new();
    let made = plane(&world).init(false).unwrap();
    assert!(made.iter().all(|(path, new)| *new && path.exists()));
    assert_eq!(version(plane(&world).path()).unwrap().to_string(), "0.1.0");
    world.config("extends: control-plane\ncontrol_plane: {version: '^0.1'}\n");
    assert_eq!(world.findings(), [""; 0]);

    world.write("home/.config/codexa/core.yaml", "maturity: M1\n");
    assert!(plane(&world).init(false).unwrap().iter().all(|(_, new)| !new));
    assert_eq!(world.read("home/.config/codexa/core.yaml"), "maturity: M1\n");
}

#[test]
fn a_directory_is_installed_and_updates_follow() {
    let world = World::new();
    bundle(&world, "1.0.0", "maturity: M1\n");
    let first = plane(&world).sync(&from(&world.path("bundle"))).unwrap();
    assert!(first.installed && first.before.is_none());

    let again = plane(&world).sync(&SyncRequest::default()).unwrap();
    assert!(!again.installed);

    bundle(&world, "1.1.0", "maturity: M2\n");
    world.write("bundle/policies/new.yaml", "maturity: M0\n");
    std::fs::remove_file(world.path("bundle/policies/strict.yaml")).unwrap();
    assert_eq!(plane(&world).status().unwrap().upstream, Upstream::Changed { version: "1.1.0".into() });
    let planned = plane(&world).sync(&SyncRequest { dry_run: true, ..SyncRequest::default() }).unwrap();
    assert_eq!(world.read("home/.config/codexa/VERSION"), "1.0.0\n");
    let second = plane(&world).sync(&SyncRequest::default()).unwrap();
    assert_eq!((second.before.as_deref(), second.version.as_str()), (Some("1.0.0"), "1.1.0"));
    assert_eq!(second.changed, planned.changed);
    let changed: Vec<String> =
        second.changed.iter().map(|file| format!("{} {}", file.state.as_str(), file.path)).collect();
    insta::assert_snapshot!(changed.join("\n"), @r"
    changed CHANGELOG.md
    changed VERSION
    changed core.yaml
    added policies/new.yaml
    removed policies/strict.yaml
    ");
    assert!(!world.path("home/.config/codexa/policies/strict.yaml").exists());
}

#[test]
fn git_is_read_at_its_commit_bare_or_not() {
    let world = World::new();
    let mut repository = GitRepository::with_files(&[
        ("VERSION", "1.0.0"),
        ("core.yaml", "maturity: M1\n"),
        ("templates/codexa/README.md", "Ours\n"),
        ("ci/build.sh", "echo never copied\n"),
    ]);
    let commit = repository.git(&["rev-parse", "HEAD"]);
    repository.git(&["tag", "v1.0.0"]);
    repository.write("VERSION", "1.1.0");
    repository.commit("next");
    repository.write("VERSION", "9.9.9 not committed");
    let bare = world.path("bare.git");
    repository.git(&["clone", "-q", "--bare", ".", bare.to_str().unwrap()]);

    for source in [repository.path(), &bare] {
        let plane = Plane::at(world.path("plane").join(if source == bare { "b" } else { "w" }));
        assert_eq!(plane.sync(&from(source)).unwrap().version, "1.1.0");
        let request = SyncRequest { revision: Some("v1.0.0".into()), allow_older: true, ..from(source) };
        let tagged = plane.sync(&request).unwrap();
        assert_eq!(tagged.version, "1.0.0");
        assert_eq!(tagged.origin.commit.as_deref(), Some(commit.as_str()));
        assert!(plane.path().join("templates/codexa/README.md").exists());
        assert!(!plane.path().join("ci").exists());
        assert_eq!(plane.status().unwrap().upstream, Upstream::Same);
        let unknown = SyncRequest { revision: Some("v2".into()), ..from(source) };
        assert!(matches!(plane.sync(&unknown), Err(PlaneError::Source { .. })));
    }
}

#[test]
fn edits_show_as_drift_and_are_not_lost_by_accident() {
    let world = World::new();
    bundle(&world, "1.0.0", "maturity: M1\n");
    plane(&world).sync(&from(&world.path("bundle"))).unwrap();
    world.write("home/.config/codexa/core.yaml", "# ours\nmaturity: M1\n");
    world.write("home/.config/codexa/policies/local.yaml", "maturity: M0\n");

    let drift = plane(&world).edited().unwrap();
    insta::assert_snapshot!(drift.iter().map(|file| file.diff.as_str()).collect::<String>(), @r"
    --- core.yaml
    +++ core.yaml
    @@ -1 +1,2 @@
    +# ours
     maturity: M1
    --- policies/local.yaml
    +++ policies/local.yaml
    @@ -0,0 +1 @@
    +maturity: M0
    ");
    bundle(&world, "1.1.0", "maturity: M2\n");
    assert_eq!(plane(&world).incoming().unwrap().len(), 3);
    let refused = plane(&world).sync(&SyncRequest::default()).unwrap_err();
    assert!(
        matches!(&refused, PlaneError::Edited(files) if files == &["core.yaml", "policies/local.yaml"]),
        "{refused}"
    );
    assert_eq!(world.read("home/.config/codexa/VERSION"), "1.0.0\n");
    plane(&world).sync(&SyncRequest { discard_edits: true, ..SyncRequest::default() }).unwrap();
    assert!(plane(&world).edited().unwrap().is_empty());
}

#[test]
fn a_control_plane_that_was_written_by_hand_is_not_overwritten() {
    let world = World::new();
    bundle(&world, "1.0.0", "");
    world.write("home/.config/codexa/core.yaml", "maturity: M2\n");
    let refused = plane(&world).sync(&from(&world.path("bundle"))).unwrap_err();
    assert_eq!(refused.to_string(), "1 file was made or edited here, and no sync was before: core.yaml");

    // Straight after `init` there is nothing to lose.
    let fresh = Plane::at(world.path("fresh/codexa"));
    fresh.init(false).unwrap();
    assert!(fresh.sync(&from(&world.path("bundle"))).unwrap().installed);

    // After it, only what was written since would be lost.
    let begun = Plane::at(world.path("begun/codexa"));
    begun.init(false).unwrap();
    world.write("begun/codexa/policies/ours.yaml", "maturity: M1\n");
    let refused = begun.sync(&from(&world.path("bundle"))).unwrap_err();
    assert!(matches!(&refused, PlaneError::NeverSynced(files) if files == &["policies/ours.yaml"]), "{refused}");
}

#[test]
fn a_control_plane_is_never_its_own_source() {
    let world = World::new();
    plane(&world).init(false).unwrap();
    std::os::unix::fs::symlink(plane(&world).path(), world.path("link")).unwrap();
    world.write("home/.config/codexa/policies/local.yaml", "maturity: M0\n");
    for source in [plane(&world).path().to_owned(), world.path("link"), plane(&world).path().join("policies")] {
        let refused = plane(&world).sync(&SyncRequest { discard_edits: true, ..from(&source) }).unwrap_err();
        assert!(matches!(refused, PlaneError::Itself(_)), "{refused}");
    }
    assert!(world.path("home/.config/codexa/policies/local.yaml").exists());
}

#[test]
fn a_dry_run_leaves_no_trace() {
    let world = World::new();
    bundle(&world, "1.0.0", "");
    let planned = plane(&world).sync(&SyncRequest { dry_run: true, ..from(&world.path("bundle")) }).unwrap();
    assert_eq!(planned.changed.len(), 4);
    assert!(plane(&world).init(true).unwrap().iter().all(|(_, new)| *new));
    assert!(!world.path("home/.config").exists());
}

#[test]
fn a_folder_of_a_repository_is_read_at_its_commit() {
    let world = World::new();
    let mut repository = GitRepository::with_files(&[
        ("plane/VERSION", "1.0.0"),
        ("plane/core.yaml", "maturity: M1\n"),
        ("core.yaml", "not: the one\n"),
    ]);
    let commit = repository.git(&["rev-parse", "HEAD"]);
    repository.write("plane/VERSION", "1.1.0");
    repository.commit("next");
    repository.write("plane/core.yaml", "maturity: M2\n");
    repository.write("plane/policies/new.yaml", "maturity: M2\n");
    let source = repository.path().join("plane");

    let synced = plane(&world).sync(&from(&source)).unwrap();
    assert_eq!(synced.version, "1.1.0");
    assert_eq!(synced.uncommitted, ["core.yaml", "policies/new.yaml"]);
    assert_eq!(world.read("home/.config/codexa/core.yaml"), "maturity: M1\n");
    let first = SyncRequest { revision: Some(commit.clone()), allow_older: true, ..from(&source) };
    let synced = plane(&world).sync(&first).unwrap();
    assert_eq!((synced.version.as_str(), synced.origin.commit), ("1.0.0", Some(commit)));
    assert!(synced.uncommitted.is_empty());

    // A folder that the repository around it does not track stands for itself.
    repository.write("loose/VERSION", "2.0.0");
    repository.write("loose/core.yaml", "");
    let synced = plane(&world).sync(&from(&repository.path().join("loose"))).unwrap();
    assert_eq!((synced.version.as_str(), synced.origin.commit), ("2.0.0", None));
    let asked = SyncRequest { revision: Some("HEAD".into()), ..from(&repository.path().join("loose")) };
    assert!(matches!(plane(&world).sync(&asked), Err(PlaneError::Source { .. })));
}

#[test]
fn a_link_in_a_bundle_is_refused_and_not_left_out() {
    let world = World::new();
    bundle(&world, "1.0.0", "");
    std::os::unix::fs::symlink("strict.yaml", world.path("bundle/policies/other.yaml")).unwrap();
    let refused = plane(&world).sync(&from(&world.path("bundle"))).unwrap_err().to_string();
    assert!(refused.contains("`policies/other.yaml` is not a regular file"), "{refused}");
}

#[test]
fn what_stands_in_the_way_of_a_new_control_plane_is_named() {
    let world = World::new();
    world.write("home/.config/codexa/policies", "a file");
    for dry_run in [true, false] {
        let refused = plane(&world).init(dry_run).unwrap_err();
        assert!(matches!(&refused, PlaneError::InTheWay { wanted: "folder", .. }), "{refused}");
    }
    assert!(!world.path("home/.config/codexa/core.yaml").exists());
    let file = Plane::at(world.write("elsewhere/codexa", "a file"));
    assert!(matches!(file.init(false), Err(PlaneError::InTheWay { wanted: "folder", .. })));
}

#[test]
fn an_older_version_needs_a_word() {
    let world = World::new();
    bundle(&world, "1.10.0", "");
    plane(&world).sync(&from(&world.path("bundle"))).unwrap();
    bundle(&world, "1.9.0", "");
    assert!(matches!(plane(&world).sync(&SyncRequest::default()), Err(PlaneError::Older { .. })));
    assert!(plane(&world).sync(&SyncRequest { allow_older: true, ..SyncRequest::default() }).unwrap().installed);
}

#[test]
fn the_installed_copy_holds_when_the_source_is_gone() {
    let world = World::new();
    bundle(&world, "1.0.0", "maturity: M1\n");
    plane(&world).sync(&from(&world.path("bundle"))).unwrap();
    std::fs::remove_dir_all(world.path("bundle")).unwrap();
    assert!(matches!(plane(&world).sync(&SyncRequest::default()), Err(PlaneError::Source { .. })));
    assert!(matches!(plane(&world).status().unwrap().upstream, Upstream::Unreachable { .. }));
    assert!(plane(&world).edited().unwrap().is_empty());
    world.config("extends: control-plane\n");
    assert_eq!(world.resolve().ready().unwrap().maturity.to_string(), "M1");
}

#[test]
fn what_is_not_a_bundle_changes_nothing() {
    let world = World::new();
    bundle(&world, "1.0.0", "maturity: M1\n");
    plane(&world).sync(&from(&world.path("bundle"))).unwrap();
    let before = plane(&world).status().unwrap().sha256;
    for (path, text) in [
        ("bundle/VERSION", "soon\n"),
        ("bundle/core.yaml", "maturty: M1\n"),
        ("bundle/core.yaml", "a: [\n"),
        ("bundle/policies/large.yaml", &"x".repeat((1 << 20) + 1)),
    ] {
        bundle(&world, "2.0.0", "");
        world.write(path, text);
        assert!(plane(&world).sync(&SyncRequest::default()).is_err(), "{path}");
        std::fs::remove_file(world.path(path)).unwrap();
    }
    bundle(&world, "2.0.0", "");
    std::fs::remove_file(world.path("bundle/core.yaml")).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", world.path("bundle/core.yaml")).unwrap();
    assert!(plane(&world).sync(&SyncRequest::default()).is_err());
    assert!(plane(&world).sync(&from(Path::new("https://example.org/plane.git"))).is_err());
    assert_eq!(plane(&world).status().unwrap().sha256, before);
}

#[test]
fn files_of_others_in_the_same_folder_move_along_and_leftovers_go() {
    let world = World::new();
    bundle(&world, "1.0.0", "");
    plane(&world).sync(&from(&world.path("bundle"))).unwrap();
    world.write("home/.config/codexa/notes/mine.txt", "kept\n");
    world.write("home/.config/.codexa-new-crashed/core.yaml", "half\n");
    bundle(&world, "1.1.0", "");
    plane(&world).sync(&SyncRequest::default()).unwrap();
    assert_eq!(world.read("home/.config/codexa/notes/mine.txt"), "kept\n");
    assert!(!world.path("home/.config/.codexa-new-crashed").exists());
}

#[test]
fn a_reader_never_meets_half_a_control_plane() {
    let world = World::new();
    bundle(&world, "1.0.0", "maturity: M1\n");
    let plane = plane(&world);
    plane.sync(&from(&world.path("bundle"))).unwrap();
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut reads = 0_u32;
            while reads == 0 || !done.load(std::sync::atomic::Ordering::Relaxed) {
                // One open directory is one version: both files come from the same one.
                let folder =
                    rustix::fs::open(plane.path(), rustix::fs::OFlags::DIRECTORY, rustix::fs::Mode::empty()).unwrap();
                let read = |name: &str| {
                    let file = rustix::fs::openat(&folder, name, rustix::fs::OFlags::RDONLY, rustix::fs::Mode::empty());
                    file.ok().map(|file| std::io::read_to_string(std::fs::File::from(file)).unwrap())
                };
                // The old version is removed after the exchange: a reader that still holds it may find it gone.
                if let (Some(version), Some(core)) = (read("VERSION"), read("core.yaml")) {
                    assert_eq!(version.trim() == "1.0.0", core.contains("M1"), "{version} {core}");
                }
                assert!(plane.exists());
                reads += 1;
            }
        });
        for round in 0..40 {
            let (number, core) = if round % 2 == 0 { ("1.1.0", "maturity: M2\n") } else { ("1.0.0", "maturity: M1\n") };
            bundle(&world, number, core);
            plane.sync(&SyncRequest { allow_older: true, ..SyncRequest::default() }).unwrap();
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        reader.join().unwrap();
    });
}
