//! Elevator bank simulation: cabins answer floor requests, one tick at a time.
use std::collections::BTreeSet;

const DOOR_TICKS: u32 = 2;

#[derive(Clone, Copy)]
enum Stage {
    Waiting,
    Riding { boarded: u32 },
    Delivered { boarded: u32, at: u32 },
}

#[derive(Clone)]
struct Passenger {
    name: &'static str,
    called_at: u32,
    from: i32,
    to: i32,
    stage: Stage,
}

impl Passenger {
    fn next_stop(&self) -> Option<i32> {
        match self.stage {
            Stage::Waiting => Some(self.from),
            Stage::Riding { .. } => Some(self.to),
            Stage::Delivered { .. } => None,
        }
    }
}

#[derive(Default)]
struct Cabin {
    floor: i32,
    direction: i32,
    doors: u32,
    travelled: u32,
    assigned: Vec<Passenger>,
}

impl Cabin {
    fn stops(&self) -> BTreeSet<i32> {
        self.assigned.iter().filter_map(Passenger::next_stop).collect()
    }

    fn cost(&self, call: &Passenger) -> usize {
        self.floor.abs_diff(call.from) as usize + 3 * self.stops().len()
    }

    fn tick(&mut self, now: u32) {
        let stops = self.stops();
        if self.doors > 0 {
            self.doors -= 1;
        } else if stops.contains(&self.floor) {
            self.doors = DOOR_TICKS;
            for p in self.assigned.iter_mut().filter(|p| p.next_stop() == Some(self.floor)) {
                p.stage = match p.stage {
                    Stage::Riding { boarded } => Stage::Delivered { boarded, at: now },
                    _ => Stage::Riding { boarded: now },
                };
            }
        } else {
            self.direction = self.steer(&stops);
            self.floor += self.direction;
            self.travelled += self.direction.unsigned_abs();
        }
    }

    fn steer(&self, stops: &BTreeSet<i32>) -> i32 {
        let above = stops.range(self.floor..).next().map(|s| s - self.floor);
        let below = stops.range(..self.floor).next_back().map(|s| self.floor - s);
        match (above, below) {
            (None, None) => 0,
            (Some(_), Some(_)) if self.direction != 0 => self.direction,
            (Some(up), Some(down)) if up < down => 1,
            (Some(_), None) => 1,
            _ => -1,
        }
    }
}

/// Feeds the passengers to the cabins and returns the tick of the last delivery.
fn simulate(cabins: &mut [Cabin], calls: &[Passenger]) -> u32 {
    let last_call = calls.iter().map(|p| p.called_at).max().unwrap_or(0);
    let mut now = 0;
    while now <= last_call || cabins.iter().any(|c| !c.stops().is_empty()) {
        for call in calls.iter().filter(|p| p.called_at == now) {
            let cheapest = cabins.iter_mut().min_by_key(|c| c.cost(call)).expect("at least one cabin");
            cheapest.assigned.push(call.clone());
        }
        cabins.iter_mut().for_each(|c| c.tick(now));
        now += 1;
    }
    now - 1
}

fn main() {
    let mut cabins = [Cabin::default(), Cabin { floor: 5, ..Cabin::default() }];
    let who = [("Ada", 0, 0, 7), ("Boris", 1, 4, 0), ("Chen", 3, 8, 2), ("Dora", 5, 1, 9), ("Emil", 9, 6, 3)]
        .map(|(name, called_at, from, to)| Passenger { name, called_at, from, to, stage: Stage::Waiting });
    println!("all delivered at tick {}", simulate(&mut cabins, &who));
    for (cabin, label) in cabins.iter().zip('A'..) {
        println!("cabin {label} travelled {} floors", cabin.travelled);
        for p in &cabin.assigned {
            if let Stage::Delivered { boarded, at } = p.stage {
                println!("  {:<6} waited {:>2}, rode {:>2}", p.name, boarded - p.called_at, at - boarded);
            }
        }
    }
}
