//! The program: reads the command line and the environment, does what is asked for, and ends with 0 when it was done, with 1
//! when it failed, and with 2 when a check found something wrong.

mod cli;

use clap::Parser;
use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::run(&cli::Arguments::parse()) {
        Ok(code) => code,
        Err(failure) => {
            // Standard error may be closed; the exit code then has to say it alone.
            let _ = writeln!(std::io::stderr(), "kaa: {failure}");
            ExitCode::FAILURE
        }
    }
}
