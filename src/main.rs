//! The program: reads the command line and the environment, does what is asked for, and ends with 0 when it was done, with 1
//! when it failed, and with 2 when a check found something wrong.

mod cli;

use clap::Parser;
use kaa::db::store::wait_for_threads;
use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

/// What was done is done; nobody waits longer for the files to be closed.
const LONGEST_CLOSING: Duration = Duration::from_secs(2);

/// A crash file would hold the memory of the process, keys and open texts with it. Where it cannot be forbidden the service
/// runs all the same: the operator then keeps such files away, as SECURITY.md says.
fn leave_no_crash_file() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let none = Rlimit {
            current: Some(0),
            maximum: Some(0),
        };
        let _ = setrlimit(Resource::Core, none);
    }
    // A handler that the kernel pipes the memory to asks for no limit.
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

/// Every connection takes a file: as many as the system lets us have, and not the few that shells begin with.
fn open_many_files() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let limit = getrlimit(Resource::Nofile);
        let all = Rlimit {
            current: limit.maximum,
            ..limit
        };
        let _ = setrlimit(Resource::Nofile, all);
    }
}

fn main() -> ExitCode {
    leave_no_crash_file();
    open_many_files();
    let code = match cli::run(&cli::Arguments::parse()) {
        Ok(code) => code,
        Err(failure) => {
            // Standard error may be closed; the exit code then has to say it alone.
            let _ = writeln!(std::io::stderr(), "kaa: {failure}");
            ExitCode::FAILURE
        }
    };
    wait_for_threads(LONGEST_CLOSING);
    code
}
