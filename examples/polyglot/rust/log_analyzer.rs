//! Access-log analyzer: status counts, slowest endpoints and latency percentiles.

use std::collections::{BTreeMap, HashMap};
use std::str::FromStr;

const SAMPLE: &str = r#"203.0.113.7 - - [12/Mar/2024:08:15:01 +0000] "GET /api/cart HTTP/1.1" 200 512 84
203.0.113.7 - - [12/Mar/2024:08:15:04 +0000] "POST /api/checkout HTTP/1.1" 201 230 412
198.51.100.23 - - [12/Mar/2024:08:15:09 +0000] "GET /api/cart HTTP/1.1" 200 498 91
198.51.100.23 - - [12/Mar/2024:08:15:09 +0000] "GET /static/logo.svg HTTP/1.1" 304 - 3
192.0.2.80 - eve [12/Mar/2024:08:15:30 +0000] "POST /api/checkout HTTP/1.1" 500 61 1290
192.0.2.80 - eve [12/Mar/2024:08:15:41 +0000] "GET /search?q=lamp HTTP/2" 200 8812 267
-- rotated by logkeeper --
203.0.113.99 - - [12/Mar/2024:08:16:02 +0000] "GET /api/cart HTTP/1.1" 404 17 12
203.0.113.99 - - [12/Mar/2024:08:16:20 +0000] "GET /search?q=rug HTTP/2" 200 7300 301"#;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    endpoint: String,
    status: u16,
    millis: u32,
}

#[derive(Debug, PartialEq, Eq)]
pub enum ParseError {
    MissingRequest,
    MissingField(&'static str),
    BadNumber(String),
}

fn number<T: FromStr>(field: Option<&str>, name: &'static str) -> Result<T, ParseError> {
    let text = field.ok_or(ParseError::MissingField(name))?;
    text.parse().map_err(|_| ParseError::BadNumber(text.to_owned()))
}

impl FromStr for Entry {
    type Err = ParseError;

    fn from_str(line: &str) -> Result<Self, Self::Err> {
        let mut quoted = line.splitn(3, '"').skip(1);
        let (Some(request), Some(response)) = (quoted.next(), quoted.next()) else {
            return Err(ParseError::MissingRequest);
        };
        let mut words = request.split(' ');
        let method = words.next().unwrap_or_default();
        let target = words.next().ok_or(ParseError::MissingField("path"))?;
        let path = target.split_once('?').map_or(target, |(path, _query)| path);

        let mut columns = response.split_whitespace();
        Ok(Entry {
            endpoint: format!("{method} {path}"),
            status: number(columns.next(), "status")?,
            millis: number(columns.nth(1), "latency")?,
        })
    }
}

pub struct Report {
    statuses: BTreeMap<u16, usize>,
    slowest: Vec<(String, f64)>,
    latencies: Vec<u32>,
}

impl Report {
    pub fn new(entries: &[Entry]) -> Self {
        let mut statuses = BTreeMap::new();
        let mut totals: HashMap<&str, (u32, u32)> = HashMap::new();
        for Entry { endpoint, status, millis } in entries {
            *statuses.entry(*status).or_default() += 1;
            let (sum, hits) = totals.entry(endpoint).or_default();
            *sum += millis;
            *hits += 1;
        }
        let mut slowest: Vec<_> = totals
            .into_iter()
            .map(|(endpoint, (sum, hits))| (endpoint.to_owned(), f64::from(sum) / f64::from(hits)))
            .collect();
        slowest.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        let mut latencies: Vec<u32> = entries.iter().map(|entry| entry.millis).collect();
        latencies.sort_unstable();
        Report { statuses, slowest, latencies }
    }

    /// Nearest-rank percentile, `None` for an empty log.
    pub fn percentile(&self, percent: usize) -> Option<u32> {
        let rank = (percent * self.latencies.len()).div_ceil(100);
        self.latencies.get(rank.saturating_sub(1)).copied()
    }
}

fn main() {
    let (good, bad): (Vec<_>, Vec<_>) = SAMPLE.lines().map(Entry::from_str).partition(Result::is_ok);
    for error in bad.into_iter().filter_map(Result::err) {
        eprintln!("skipping a line: {error:?}");
    }
    let entries: Vec<Entry> = good.into_iter().flatten().collect();
    let report = Report::new(&entries);
    println!("{:?}", report.statuses);
    for (endpoint, mean) in report.slowest.iter().take(3) {
        println!("{endpoint:<20} {mean:>8.1} ms");
    }
    for percent in [50, 75, 90] {
        println!("p{percent}: {:?}", report.percentile(percent));
    }
}
