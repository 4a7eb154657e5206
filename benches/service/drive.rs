//! How is a server driven, and what did it do? Connections that are kept, one thread for each; times of every answer; and what a
//! process has used. What is asked is decided in `main`.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A request: method, path, body.
#[derive(Clone)]
pub struct Ask {
    pub method: &'static str,
    pub path: String,
    pub body: Option<String>,
    /// The kind of the body.
    pub media: &'static str,
    /// Headers beside those that every request has, each ended.
    pub headers: String,
}

impl Ask {
    pub fn get(path: impl Into<String>) -> Self {
        Self {
            method: "GET",
            path: path.into(),
            body: None,
            media: "application/json",
            headers: String::new(),
        }
    }

    pub fn post(path: impl Into<String>, body: impl Into<String>) -> Self {
        Self {
            method: "POST",
            body: Some(body.into()),
            ..Self::get(path)
        }
    }

    pub fn upload(path: impl Into<String>, media: &'static str, body: String) -> Self {
        Self {
            media,
            ..Self::post(path, body)
        }
    }

    pub fn with_token(mut self, token: &str) -> Self {
        self.headers = format!("Authorization: Bearer {token}\r\n");
        self
    }
}

/// An answer.
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

/// A connection that is kept.
pub struct Line {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Line {
    pub fn open(address: &str) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(120)))?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(64 * 1024),
        })
    }

    /// Asks and waits for the whole answer.
    pub fn ask(&mut self, ask: &Ask) -> std::io::Result<Answer> {
        let body = ask.body.as_deref().unwrap_or_default();
        let kind = if ask.body.is_some() {
            format!(
                "Content-Type: {}\r\nContent-Length: {}\r\n",
                ask.media,
                body.len()
            )
        } else {
            String::new()
        };
        let head = format!(
            "{} {} HTTP/1.1\r\nHost: bench\r\n{}{kind}\r\n{body}",
            ask.method, ask.path, ask.headers
        );
        self.stream.write_all(head.as_bytes())?;
        self.buffer.clear();
        let mut chunk = [0_u8; 64 * 1024];
        let end = loop {
            if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                break end + 4;
            }
            self.read_some(&mut chunk)?;
        };
        let head = String::from_utf8_lossy(&self.buffer[..end]).to_ascii_lowercase();
        let status = head
            .get(9..12)
            .and_then(|code| code.parse().ok())
            .unwrap_or(0);
        if head.contains("transfer-encoding: chunked") {
            while !self.buffer.ends_with(b"\r\n0\r\n\r\n") {
                self.read_some(&mut chunk)?;
            }
        } else {
            let length = head
                .split("content-length: ")
                .nth(1)
                .and_then(|rest| rest.split("\r\n").next()?.parse::<usize>().ok())
                .unwrap_or(0);
            while self.buffer.len() < end + length {
                self.read_some(&mut chunk)?;
            }
        }
        Ok(Answer {
            status,
            body: self.buffer[end..].to_vec(),
        })
    }

    fn read_some(&mut self, chunk: &mut [u8]) -> std::io::Result<()> {
        let read = self.stream.read(chunk)?;
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        self.buffer.extend_from_slice(&chunk[..read]);
        Ok(())
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}

/// What came of driving.
#[derive(Debug, Clone, Default)]
pub struct Drove {
    /// Milliseconds of each answer that was one, in order of size.
    pub times: Vec<f64>,
    /// Answers that were refusals, by their status; 0: none at all.
    pub refused: std::collections::BTreeMap<u16, u64>,
    pub seconds: f64,
    /// Bytes of an answer's body, as it was last.
    pub bytes: usize,
}

impl Drove {
    pub fn rate(&self) -> f64 {
        self.times.len() as f64 / self.seconds
    }

    /// The time within which a share of the answers came.
    pub fn within(&self, share: f64) -> f64 {
        let last = self.times.len().saturating_sub(1);
        let place = (self.times.len() as f64 * share) as usize;
        self.times.get(place.min(last)).copied().unwrap_or(f64::NAN)
    }

    pub fn refusals(&self) -> u64 {
        self.refused.values().sum()
    }
}

/// Asks again and again over some connections, each number once. A fifth of the time is for warming up and is not counted.
pub fn drive(
    address: &str,
    connections: usize,
    length: Duration,
    ask: &(impl Fn(u64) -> Ask + Sync),
) -> Drove {
    let next = AtomicU64::new(0);
    let began = Instant::now();
    let warm = length / 5;
    let mut sum = Drove::default();
    let all: Vec<Drove> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..connections)
            .map(|_| {
                scope.spawn(|| {
                    let mut drove = Drove::default();
                    let mut line = None;
                    while began.elapsed() < warm + length {
                        let request = ask(next.fetch_add(1, Ordering::Relaxed));
                        let asked = Instant::now();
                        let answer = match line.take() {
                            Some(line) => Ok(line),
                            None => Line::open(address),
                        }
                        .and_then(|mut open: Line| {
                            let answer = open.ask(&request)?;
                            line = Some(open);
                            Ok(answer)
                        });
                        let took = asked.elapsed();
                        if asked.duration_since(began) < warm {
                            continue;
                        }
                        match answer {
                            Ok(answer) if answer.status < 400 => {
                                drove.times.push(took.as_secs_f64() * 1000.0);
                                drove.bytes = answer.body.len();
                            }
                            Ok(answer) => *drove.refused.entry(answer.status).or_default() += 1,
                            Err(_) => *drove.refused.entry(0).or_default() += 1,
                        }
                    }
                    drove
                })
            })
            .collect();
        let ended = threads.into_iter().filter_map(|thread| thread.join().ok());
        ended.collect()
    });
    sum.seconds = (began.elapsed() - warm).as_secs_f64();
    for one in all {
        sum.times.extend(one.times);
        sum.bytes = sum.bytes.max(one.bytes);
        for (status, count) in one.refused {
            *sum.refused.entry(status).or_default() += count;
        }
    }
    sum.times.sort_by(f64::total_cmp);
    sum
}

/// What a process has used, as the kernel tells it.
pub struct Process(pub u32);

impl Process {
    /// Seconds of the processor, of all its threads.
    pub fn processor(&self) -> f64 {
        let told = std::fs::read_to_string(format!("/proc/{}/stat", self.0)).unwrap_or_default();
        let fields = told.rsplit(')').next().unwrap_or_default();
        let ticks = fields.split_whitespace().skip(11).take(2);
        // A hundred ticks a second, on every Linux there is today.
        ticks
            .filter_map(|tick| tick.parse::<f64>().ok())
            .sum::<f64>()
            / 100.0
    }

    /// Lets `VmHWM` begin anew.
    pub fn forget_peak(&self) {
        let _ = std::fs::write(format!("/proc/{}/clear_refs", self.0), "5");
    }

    /// MiB of memory: `VmRSS` now, `VmHWM` at most.
    pub fn memory(&self, name: &str) -> f64 {
        let told = std::fs::read_to_string(format!("/proc/{}/status", self.0)).unwrap_or_default();
        let line = told.lines().find(|line| line.starts_with(name));
        let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
        kib.unwrap_or(f64::NAN) / 1024.0
    }
}
