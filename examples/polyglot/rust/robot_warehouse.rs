//! A warehouse whose robots follow text commands along breadth-first shortest routes.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;

const PLAN: &str = "\
1...#.....
.##.#.##b.
....#.#...
.##...#.#.
.#l##...#.
2...#.D...";

const SCRIPT: [&str; 6] =
    ["1 goto 9 0", "2 fetch lamps", "2 fetch bolts", "1 goto 4 4", "2 fetch nails", "1 goto 6 5"];

type Cell = (i32, i32);

enum Refusal<'a> {
    Unknown(&'a str),
    OutOfStock(&'a str),
    NoRoute(Cell),
}

impl fmt::Display for Refusal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Unknown(text) => write!(f, "never heard of {text:?}"),
            Refusal::OutOfStock(item) => write!(f, "{item} are out of stock"),
            Refusal::NoRoute((x, y)) => write!(f, "no route to {x},{y}"),
        }
    }
}

#[derive(Default)]
struct Warehouse {
    aisles: BTreeSet<Cell>,
    robots: BTreeMap<String, Cell>,
    stock: BTreeMap<&'static str, Cell>,
    dock: Cell,
}

impl Warehouse {
    fn from_plan(plan: &str) -> Self {
        let mut warehouse = Warehouse::default();
        for (y, row) in (0..).zip(plan.lines()) {
            for (x, mark) in (0..).zip(row.chars()).filter(|&(_, mark)| mark != '#') {
                warehouse.aisles.insert((x, y));
                match mark {
                    '0'..='9' => drop(warehouse.robots.insert(mark.to_string(), (x, y))),
                    'b' => drop(warehouse.stock.insert("bolts", (x, y))),
                    'l' => drop(warehouse.stock.insert("lamps", (x, y))),
                    'D' => warehouse.dock = (x, y),
                    _ => {}
                }
            }
        }
        warehouse
    }

    fn route(&self, start: Cell, goal: Cell) -> Option<String> {
        let mut unseen: BTreeSet<Cell> = self.aisles.clone();
        unseen.retain(|cell| !self.robots.values().any(|robot| robot == cell));
        let mut frontier = VecDeque::from([(start, String::new())]);
        while let Some(((x, y), path)) = frontier.pop_front() {
            if (x, y) == goal {
                return Some(path);
            }
            let steps = [(x, y - 1), (x + 1, y), (x, y + 1), (x - 1, y)];
            for (letter, next) in "NESW".chars().zip(steps) {
                if unseen.remove(&next) {
                    frontier.push_back((next, format!("{path}{letter}")));
                }
            }
        }
        None
    }

    fn drive<'a>(&mut self, robot: &'a str, goal: Cell) -> Result<String, Refusal<'a>> {
        let start = *self.robots.get(robot).ok_or(Refusal::Unknown(robot))?;
        let path = self.route(start, goal).ok_or(Refusal::NoRoute(goal))?;
        self.robots.insert(robot.to_owned(), goal);
        Ok(path)
    }

    fn execute<'a>(&mut self, command: &'a str) -> Result<String, Refusal<'a>> {
        let number = |text: &str| text.parse().map_err(|_| Refusal::Unknown(command));
        match command.split_whitespace().collect::<Vec<_>>()[..] {
            [robot, "goto", x, y] => self.drive(robot, (number(x)?, number(y)?)),
            [robot, "fetch", item] => {
                let shelf = *self.stock.get(item).ok_or(Refusal::OutOfStock(item))?;
                let there = self.drive(robot, shelf)?;
                self.stock.remove(item);
                Ok(format!("{there} (pick {item}) {} (drop)", self.drive(robot, self.dock)?))
            }
            _ => Err(Refusal::Unknown(command)),
        }
    }
}

fn main() {
    let mut warehouse = Warehouse::from_plan(PLAN);
    for command in SCRIPT {
        match warehouse.execute(command) {
            Ok(log) => println!("{command:<14} {log}"),
            Err(refusal) => println!("{command:<14} refused: {refusal}"),
        }
    }
}
