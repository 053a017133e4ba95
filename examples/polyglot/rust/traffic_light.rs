//! Traffic light with a pedestrian crossing, as a finite-state machine advanced once a second.

use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Green,
    Amber,
    AllRed,
    CrossTraffic,
    Walk,
    Clearance,
    RedAmber,
}

use Phase::*;

impl Phase {
    const fn seconds(self, request: bool) -> u32 {
        match self {
            Green if request => 5,
            Green => 12,
            Amber | Clearance => 3,
            AllRed => 2,
            CrossTraffic => 6,
            Walk => 5,
            RedAmber => 1,
        }
    }

    const fn successor(self, request: bool) -> Phase {
        match self {
            Green => Amber,
            Amber => AllRed,
            AllRed if request => Walk,
            AllRed => CrossTraffic,
            Walk => Clearance,
            CrossTraffic | Clearance => RedAmber,
            RedAmber => Green,
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (vehicles, pedestrians) = match self {
            Green => ("green", "stop"),
            Amber => ("amber", "stop"),
            RedAmber => ("red+amber", "stop"),
            Walk => ("red", "walk"),
            Clearance => ("red", "flashing"),
            AllRed | CrossTraffic => ("red", "stop"),
        };
        write!(f, "{vehicles:<10} | {pedestrians}")
    }
}

#[derive(Debug)]
pub struct TrafficLight {
    phase: Phase,
    elapsed: u32,
    request: bool,
}

impl Default for TrafficLight {
    fn default() -> Self {
        TrafficLight { phase: Green, elapsed: 0, request: false }
    }
}

impl TrafficLight {
    /// Returns whether the press had any effect.
    pub fn press_button(&mut self) -> bool {
        let accepted = self.phase != Walk;
        self.request |= accepted;
        accepted
    }

    /// Advances one second; yields the new phase on a transition.
    pub fn tick(&mut self) -> Option<Phase> {
        self.elapsed += 1;
        if self.elapsed < self.phase.seconds(self.request) {
            return None;
        }
        self.phase = self.phase.successor(self.request);
        self.elapsed = 0;
        self.request &= self.phase != Walk;
        Some(self.phase)
    }
}

fn main() {
    const PRESSES: [u32; 5] = [7, 9, 14, 31, 58];
    let mut light = TrafficLight::default();
    println!(" 0s {}", light.phase);
    for second in 1..=75 {
        if PRESSES.contains(&second) {
            let effect = if light.press_button() { "registered" } else { "ignored" };
            println!("{second:>2}s button {effect}");
        }
        if let Some(phase) = light.tick() {
            println!("{second:>2}s {phase}");
        }
    }
}
