//! The scripts, where they meet the world: what is fetched is what was expected, or it is not used.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

#[path = "common/formats.rs"]
mod formats;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use formats::{gzip, tar};
use tiny_http::{Response, Server};

const TOOL: &str = "wasm-bindgen-cli";
const PROGRAM: &str = "wasm-bindgen";

/// A folder for one test, in which a tool is installed.
struct Machine(PathBuf);

impl Drop for Machine {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// What a server of releases does when it is asked.
enum Answer {
    Archive(Vec<u8>),
    Missing,
    /// It takes the connection and says nothing.
    Silence,
}

/// The address of a server that answers like this.
fn serve(answer: Answer) -> String {
    let server = Server::http("127.0.0.1:0").unwrap();
    let address = format!("http://{}", server.server_addr());
    std::thread::spawn(move || {
        let mut unanswered = Vec::new();
        for request in server.incoming_requests() {
            match &answer {
                Answer::Archive(bytes) => drop(request.respond(Response::from_data(bytes.clone()))),
                Answer::Missing => drop(request.respond(Response::empty(404))),
                Answer::Silence => unanswered.push(request),
            }
        }
    });
    address
}

/// An archive with a program in it that says its version, or is none for this machine.
fn archive(is_runnable: bool) -> Vec<u8> {
    let program: &[u8] = if is_runnable { b"#!/bin/sh\necho 1.2.3\n" } else { b"\x7fELF for another machine" };
    gzip(&tar(&[
        ("wasm-bindgen-1.2.3/README.md", b"words".to_vec()),
        ("wasm-bindgen-1.2.3/wasm-bindgen", program.to_vec()),
    ]))
}

impl Machine {
    fn new(test: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("piecewise-scripts-{}-{test}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn bash(&self, script: &str, variables: &[(&str, &str)]) -> (bool, String) {
        let output = Command::new("bash")
            .args(["-c", &format!("source scripts/lib.sh; source scripts/prebuilt.sh; {script}")])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Gets the tool, as set-up does, from a server whose archive ought to be this one. Returns whether that went well,
    /// and what was said.
    fn get(&self, server: &str, expected: &[u8]) -> (bool, String) {
        let wanted = self.0.join("wanted");
        std::fs::write(&wanted, expected).unwrap();
        let line = format!("echo \"$(sha256 '{}') $(release_of {TOOL} 1.2.3)\"", wanted.display());
        let (_, line) = self.bash(&line, &[]);
        let checksums = self.0.join("checksums");
        std::fs::write(&checksums, format!("# as in scripts/checksums\n{line}")).unwrap();
        let get = format!("prebuilt {TOOL} 1.2.3 '{}' {PROGRAM}", self.tools().display());
        // No cargo-binstall that may be on this machine.
        let variables = [
            ("PIECEWISE_RELEASES", server),
            ("PIECEWISE_CHECKSUMS", checksums.to_str().unwrap()),
            ("PATH", "/usr/bin:/bin:/usr/sbin:/sbin"),
        ];
        self.bash(&get, &variables)
    }

    fn tools(&self) -> PathBuf {
        self.0.join("tools")
    }

    fn has_nothing(&self) -> bool {
        !self.tools().exists()
    }
}

fn version(program: &Path) -> String {
    String::from_utf8(Command::new(program).arg("--version").output().unwrap().stdout).unwrap()
}

#[test]
fn a_tool_is_fetched_checked_and_runs() {
    let machine = Machine::new("good");
    let archive = archive(true);
    let (is_there, said) = machine.get(&serve(Answer::Archive(archive.clone())), &archive);
    assert!(is_there, "{said}");
    assert_eq!(version(&machine.tools().join(PROGRAM)), "1.2.3\n");
    assert_eq!(std::fs::read_dir(machine.tools()).unwrap().count(), 1, "the programs that were asked for, and no more");
}

#[test]
fn what_is_not_what_it_should_be_is_not_used() {
    let machine = Machine::new("wrong");
    let mut changed = archive(true);
    *changed.last_mut().unwrap() ^= 1;
    let (is_there, said) = machine.get(&serve(Answer::Archive(changed)), &archive(true));
    assert!(!is_there && said.contains("not used") && said.contains("checksum"), "{said}");
    assert!(machine.has_nothing());
}

#[test]
fn a_program_for_another_machine_is_not_used() {
    let machine = Machine::new("other");
    let archive = archive(false);
    let (is_there, said) = machine.get(&serve(Answer::Archive(archive.clone())), &archive);
    assert!(!is_there && said.contains("does not run here"), "{said}");
    assert!(machine.has_nothing());
}

#[test]
fn a_server_that_refuses_is_away_or_silent_is_given_up_soon() {
    for (test, server) in
        [("missing", serve(Answer::Missing)), ("away", "http://127.0.0.1:9".into()), ("silent", serve(Answer::Silence))]
    {
        let machine = Machine::new(test);
        let start = Instant::now();
        let (is_there, said) = machine.get(&server, &archive(true));
        assert!(!is_there && said.contains("cannot be had from here"), "{test}: {said}");
        assert!(machine.has_nothing());
        assert!(start.elapsed() < Duration::from_secs(20), "{test}: {:?}", start.elapsed());
    }
}

#[test]
fn what_has_no_checksum_is_not_asked_for() {
    let machine = Machine::new("unlisted");
    let server = serve(Answer::Archive(archive(true)));
    let variables = [("PIECEWISE_RELEASES", &*server), ("PATH", "/usr/bin:/bin:/usr/sbin:/sbin")];
    let get = format!("prebuilt {TOOL} 0.0.0 '{}' {PROGRAM}", machine.tools().display());
    let (is_there, said) = machine.bash(&get, &variables);
    assert!(!is_there && said.is_empty(), "{said}");
    assert!(machine.has_nothing());
}

#[test]
fn a_long_step_says_that_it_goes_on() {
    let machine = Machine::new("long");
    let (is_over, said) = machine.bash("step sleeping sleep 11", &[]);
    assert!(is_over, "{said}");
    let lines: Vec<_> = said.lines().collect();
    assert!(
        matches!(lines[..], ["• sleeping", so_far, done] if so_far.ends_with("s so far") && done.contains("done in"))
    );
    // A short one says no more than before, and nobody waits for what would have been said.
    let start = Instant::now();
    let (_, said) = machine.bash("step resting true | cat", &[]);
    assert_eq!(said.lines().count(), 2, "{said}");
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}
