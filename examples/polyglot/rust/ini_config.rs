//! INI configuration: `[section]` headers, `key = value` settings and `${section.key}` references.

use std::collections::BTreeMap;
use std::fmt;

const SAMPLE: &str = "
; deployment of the weather archive
[paths]
root = /srv/archive
logs = ${paths.root}/logs

[server]
host = ingest.local
port = 8043
url = http://${server.host}:${server.port}/v2

[job]
output = ${paths.logs}/nightly-${server.port}.txt
retries = 3
";

#[derive(Debug)]
pub enum ConfigError {
    Syntax { line: usize },
    Unknown(String),
    Cycle(String),
    Unclosed(String),
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax { line } => write!(f, "line {line} is neither a section nor a setting"),
            Self::Unknown(name) => write!(f, "unknown setting {name}"),
            Self::Cycle(name) => write!(f, "{name} refers back to itself"),
            Self::Unclosed(value) => write!(f, "missing brace in {value:?}"),
        }
    }
}

impl std::error::Error for ConfigError {}

/// Borrowed settings, keyed by section and key.
#[derive(Debug, Default)]
pub struct IniConfig<'t> {
    settings: BTreeMap<(&'t str, &'t str), &'t str>,
}

impl<'t> IniConfig<'t> {
    pub fn parse(text: &'t str) -> Result<Self, ConfigError> {
        let mut config = Self::default();
        let mut section = "";
        for (index, line) in text.lines().map(str::trim).enumerate() {
            if line.is_empty() || line.starts_with([';', '#']) {
                continue;
            }
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                section = name.trim();
            } else {
                let (key, value) = line.split_once('=').ok_or(ConfigError::Syntax { line: index + 1 })?;
                config.settings.insert((section, key.trim()), value.trim());
            }
        }
        Ok(config)
    }

    pub fn get(&self, section: &str, key: &str) -> Result<String, ConfigError> {
        self.resolve(section, key, &mut Vec::new())
    }

    fn resolve(&self, section: &str, key: &str, stack: &mut Vec<String>) -> Result<String, ConfigError> {
        let name = format!("{section}.{key}");
        if stack.contains(&name) {
            return Err(ConfigError::Cycle(name));
        }
        let Some(&value) = self.settings.get(&(section, key)) else {
            return Err(ConfigError::Unknown(name));
        };
        stack.push(name);
        let mut expanded = String::with_capacity(value.len());
        let mut rest = value;
        while let Some((literal, tail)) = rest.split_once("${") {
            let (reference, tail) = tail.split_once('}').ok_or_else(|| ConfigError::Unclosed(value.into()))?;
            let (section, key) = reference.split_once('.').unwrap_or(("", reference));
            expanded.push_str(literal);
            expanded.push_str(&self.resolve(section, key, stack)?);
            rest = tail;
        }
        stack.pop();
        Ok(expanded + rest)
    }
}

fn main() -> Result<(), ConfigError> {
    let config = IniConfig::parse(SAMPLE)?;
    for (section, key) in config.settings.keys() {
        println!("{section:>8}.{key:<8} {}", config.get(section, key)?);
    }
    let looping = IniConfig::parse("[a]\nx = ${a.y}\ny = <${a.x}>")?;
    if let Err(error) = looping.get("a", "x") {
        println!("as expected: {error}");
    }
    Ok(())
}
