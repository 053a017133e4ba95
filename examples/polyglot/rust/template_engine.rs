//! Template engine: `{{name}}` placeholders and `{{#each items}}` blocks over a small value type.

use std::collections::HashMap;

#[derive(Debug, Clone)]
pub enum Value {
    Text(String),
    List(Vec<Value>),
    Map(HashMap<&'static str, Value>),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.to_string())
    }
}

impl<const N: usize> From<[(&'static str, Value); N]> for Value {
    fn from(entries: [(&'static str, Value); N]) -> Self {
        Value::Map(HashMap::from(entries))
    }
}

#[derive(Debug)]
enum Node<'t> {
    Literal(&'t str),
    Placeholder(&'t str),
    Each { path: &'t str, body: Vec<Node<'t>> },
}

/// Parses up to the end, or up to the `{{/each}}` of the enclosing block; returns what is left.
fn parse<'t>(mut source: &'t str, block: Option<&str>) -> Result<(Vec<Node<'t>>, &'t str), String> {
    let mut nodes = Vec::new();
    while let Some((text, after)) = source.split_once("{{") {
        nodes.push(Node::Literal(text));
        let (tag, rest) = after.split_once("}}").ok_or("a tag lacks its closing braces")?;
        source = rest;
        match tag.trim() {
            "/each" if block.is_some() => return Ok((nodes, source)),
            "/each" => return Err("{{/each}} closes nothing".into()),
            tag => match tag.strip_prefix("#each ").map(str::trim) {
                Some(path) => {
                    let (body, rest) = parse(source, Some(path))?;
                    nodes.push(Node::Each { path, body });
                    source = rest;
                }
                None => nodes.push(Node::Placeholder(tag)),
            },
        }
    }
    nodes.push(Node::Literal(source));
    block.map_or(Ok((nodes, "")), |path| Err(format!("{{{{#each {path}}}}} is not closed")))
}

/// The innermost scope comes last.
fn lookup<'v>(path: &str, scopes: &[&'v Value]) -> Result<&'v Value, String> {
    let child = |value: &'v Value, name: &str| match value {
        Value::Map(map) => map.get(name),
        _ => None,
    };
    if path == "this" {
        return scopes.last().copied().ok_or_else(|| "no current item".to_string());
    }
    let mut names = path.split('.');
    let first = names.next().and_then(|name| scopes.iter().rev().find_map(|scope| child(scope, name)));
    names.fold(first, |value, name| child(value?, name)).ok_or(format!("nothing at {path}"))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn render(nodes: &[Node], scopes: &[&Value], index: usize, out: &mut String) -> Result<(), String> {
    for node in nodes {
        match node {
            Node::Literal(text) => out.push_str(text),
            Node::Placeholder("@index") => out.push_str(&index.to_string()),
            Node::Placeholder(path) => match lookup(path, scopes)? {
                Value::Text(text) => out.push_str(&escape(text)),
                other => return Err(format!("{path} is not printable: {other:?}")),
            },
            Node::Each { path, body } => {
                let Value::List(items) = lookup(path, scopes)? else {
                    return Err(format!("{path} is not a list"));
                };
                for (i, item) in items.iter().enumerate() {
                    render(body, &[scopes, &[item]].concat(), i + 1, out)?;
                }
            }
        }
    }
    Ok(())
}

fn main() -> Result<(), String> {
    let letter = "Dear {{customer.name}},\norder {{orderId}} ships on {{shipDate}}:
{{#each lines}}  {{@index}}. {{quantity}} x {{title}}{{#each tags}} <{{this}}>{{/each}}\n{{/each}}Thank you!";
    let line = |quantity: &str, title: &str, tags: &[&str]| {
        let tags = Value::List(tags.iter().map(|&tag| tag.into()).collect());
        Value::from([("quantity", quantity.into()), ("title", title.into()), ("tags", tags)])
    };
    let lines = vec![line("2", "Copper kettle", &["kitchen", "gift"]), line("1", "Tea towel", &[])];
    let customer = Value::from([("name", "Ines & Co".into())]);
    let about = [("orderId", "A-1047".into()), ("shipDate", "3 May".into()), ("customer", customer)];
    let order = Value::from([("lines", Value::List(lines))]);
    let mut out = String::new();
    render(&parse(letter, None)?.0, &[&Value::from(about), &order], 0, &mut out)?;
    println!("{out}");
    Ok(())
}
